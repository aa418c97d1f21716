/**
 * SQL of the condition that an event is of a line. What a rule says of several events has the place of the last of them and no
 * bytes of its own: whoever reads events as lines leaves it out, or it would be evidence of itself.
 */
export const OF_LINES = 'length > 0'
/** The condition for events that a rule made of several others: they have no bytes of their own. */
export const OF_SEVERAL = 'length = 0'
