import { describe, expect, it } from 'vitest'
import { lossText } from '../../../src/web/ui/loss-text.ts'
import { shortFolder } from '../../../src/web/ui/short-path.ts'

describe('a folder keeps cluster, owner and host', () => {
  it.each([
    [
      '/apps/soca/soca-aero/cluster_node_bootstrap/logs/desktop/ann/cad/ip-10-0-0-1/ComputeNode.sh.log',
      'ann',
      '/apps/soca/soca-aero/…/ann/cad/ip-10-0-0-1',
    ],
    [
      '/apps/edh/edh-lab/shared/logs/bootstrap/dcv_node/bo/vis/00b41083-26bc-4093-8c53-66b0651df435/ip-10-0-0-2/02_setup.log',
      'bo',
      '/apps/edh/edh-lab/…/bo/vis/…/ip-10-0-0-2',
    ],
    ['/var/log/dcv/server.log', '', '/var/log/dcv'],
  ])('%s', (path, owner, short) => expect(shortFolder(path, owner)).toBe(short))
})

describe('what a file lacks', () => {
  const loss = (reason: string, offset: number, length: number, detail: string) => ({
    ...{ reason, offset, length, detail, at: '2026-01-05T08:00:00.000Z' },
  })

  it('is said with its place, and what was cut', () => {
    const losses = [loss('over-long', 4096, 0, 'the text is cut, the record has 1500000 bytes')]
    expect(lossText({ losses, loss_count: 1, lost_bytes: 0 })).toBe(
      'over-long line at byte 4,096 (the text is cut, the record has 1500000 bytes)',
    )
  })

  it('is summed up where there is more', () => {
    const losses = [1, 2, 3].map((i) => loss('truncated', i * 1000, 500, ''))
    expect(lossText({ losses, loss_count: 3, lost_bytes: 1500 })).toBe(
      '1.5 KB missing: cut before it was read at byte 1,000, 500 B missing; cut before it was read at byte 2,000, 500 B missing; and 1 more',
    )
    expect(lossText({ losses: [], loss_count: 0, lost_bytes: 0 })).toBe('–')
  })
})
