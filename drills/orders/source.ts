/** Where the drill's orders come from. */
export const checkout = "//shop/checkout";
