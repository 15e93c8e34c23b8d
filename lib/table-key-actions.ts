/** What DynamoDB does with a customer's key in the caller's name: the same as a table's own grant has. */
export const tableKeyActions: readonly string[] = [
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey*",
  "kms:ReEncrypt*",
];
