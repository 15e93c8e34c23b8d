import { describe, expect, it } from "@jest/globals";
import { plainText } from "../../cli/plain-text.ts";

describe("plainText", () => {
  it("strips what a terminal would act on, and what turns the writing around", () => {
    expect(plainText("a\u001b[2Jb\u0007c\rd\u0000e\u009b1mf\u007fg\u202eh\u2066i")).toBe("a[2Jbcde1mfghi");
  });

  it("leaves lines, tabs and every script as they are", () => {
    expect(plainText("one\n\ttwo é 漢字 🙂")).toBe("one\n\ttwo é 漢字 🙂");
  });
});
