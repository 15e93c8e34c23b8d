/** CloudEvents strings hold no control characters and no noncharacters. (CloudEvents 1.0.2, type system) */
const forbidden = /[\p{Cc}\p{Noncharacter_Code_Point}\p{Surrogate}]/u;

/** What keeps `value` from being a CloudEvents string of 1 to `maxLength` code units, or `undefined`. */
export function attributeTextProblem(value: unknown, maxLength: number): string | undefined {
  if (typeof value !== "string") return "must be a string";
  if (value === "") return "must not be empty";
  if (value.length > maxLength) return `must not be longer than ${maxLength} characters`;
  return hasForbiddenCharacter(value)
    ? "must not hold control characters, noncharacters or half a surrogate pair"
    : undefined;
}

/** Whether `text` holds what no CloudEvents string may. */
export function hasForbiddenCharacter(text: string): boolean {
  return forbidden.test(text);
}
