/** The database in which everything is stored. */
export const DATABASE = 'dcvlens'
