-- When a change of state was written down; `at` is when it happened, which may be long before.
ALTER TABLE dcvlens.signature_states ADD COLUMN IF NOT EXISTS noted DateTime64(3, 'UTC') DEFAULT at AFTER at;
