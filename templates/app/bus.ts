/** The bus's name: every topic, queue, table and function is named from it. Another environment is another name. */
export const busName = "shop";
