import { escapeXml, newId } from "./answer.ts";

/** A refusal of S3, in its own words. (API_Error) */
export class S3Refusal extends Error {
  readonly code: string;
  readonly statusCode: number;
  /** More of the answer's elements, such as the `Condition` that did not hold. */
  readonly details: Readonly<Record<string, string>>;

  constructor(
    code: string,
    message: string,
    statusCode: number,
    details: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.code = code;
    this.statusCode = statusCode;
    this.details = details;
  }

  toXml(): string {
    const details = Object.entries(this.details).map(
      ([name, text]) => `<${name}>${escapeXml(text)}</${name}>`,
    );
    return `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${this.code}</Code><Message>${escapeXml(this.message)}</Message>${details.join("")}<RequestId>${newId()}</RequestId></Error>`;
  }
}

/** S3's answer for a bucket that is not there. */
export function noSuchBucket(bucket: string): S3Refusal {
  return new S3Refusal("NoSuchBucket", "The specified bucket does not exist", 404, { BucketName: bucket });
}
