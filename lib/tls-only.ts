import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from "aws-cdk-lib/aws-iam";

/** DynamoDB answers plain HTTP too: the table itself refuses it. */
export function tlsOnly(): PolicyDocument {
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        sid: "TlsOnly",
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ["dynamodb:*"],
        // In a table's own policy: this table.
        resources: ["*"],
        conditions: { Bool: { "aws:SecureTransport": "false" } },
      }),
    ],
  });
}
