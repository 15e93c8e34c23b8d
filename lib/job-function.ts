import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  Architecture,
  Function as LambdaFunction,
  type RecursiveLoop,
  Runtime,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { type Duration, RemovalPolicy } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { type JobName, jobFunctionName } from "../src/names.ts";
import { jobCode } from "./job-code.ts";

export interface JobFunctionProps {
  readonly bus: string;
  readonly job: JobName;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout: Duration;
  readonly memorySize: number;
  /** What it may do, beside writing its own logs. */
  readonly may: readonly {
    readonly actions: readonly string[];
    readonly resources: readonly string[];
    readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  }[];
  /** What becomes of a call that failed; an asynchronous one alone. @default tried twice more, within six hours */
  readonly retryAttempts?: number;
  /** Whether it may call itself on and on. @default Lambda stops it after some sixteen times */
  readonly recursiveLoop?: RecursiveLoop;
  /** The customer's key of what it reads and writes. */
  readonly encryptionKey: IKey | undefined;
}

/** One of the functions that come with a bus, `{bus}-{job}`, with a role that can do what it is told and nothing more. */
export function addJobFunction(scope: Construct, props: JobFunctionProps): LambdaFunction {
  const { bus, job, may, encryptionKey } = props;
  const functionName = jobFunctionName(bus, job);
  const id = job[0]?.toUpperCase() + job.slice(1);
  const logGroup = new LogGroup(scope, `${id}Logs`, {
    logGroupName: `/aws/lambda/${functionName}`,
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
  logGroup.grantWrite(role);
  for (const { actions, resources, conditions = {} } of may) {
    role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources], conditions }));
  }
  encryptionKey?.grant(
    role,
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey*",
    "kms:ReEncrypt*",
  );
  return new LambdaFunction(scope, id, {
    functionName,
    code: jobCode(scope),
    handler: `${job}.handler`,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    timeout: props.timeout,
    memorySize: props.memorySize,
    environment: { ...props.environment },
    role,
    logGroup,
    ...(props.retryAttempts === undefined ? {} : { retryAttempts: props.retryAttempts }),
    ...(props.recursiveLoop === undefined ? {} : { recursiveLoop: props.recursiveLoop }),
  });
}
