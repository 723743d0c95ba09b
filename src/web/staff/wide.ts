/** Room for wide rows. A table without rows has nothing a keyboard could scroll it with, so it is not wider than the page. */
export const wide = (rows: readonly unknown[], width: number): { x?: number } => (rows.length > 0 ? { x: width } : {});
