/** What a handler is written in: `"typescript"` is JavaScript, too. */
export type HandlerLanguage = "typescript" | "python";
