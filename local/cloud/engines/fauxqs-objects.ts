import type { FauxqsObjects, Load, ObjectAction, ObjectActions, ObjectAnswer } from "./fauxqs-inside.ts";

const actionNames = [
  "abortMultipartUpload",
  "completeMultipartUpload",
  "createBucket",
  "createMultipartUpload",
  "deleteBucket",
  "deleteBucketLifecycleConfiguration",
  "deleteObject",
  "deleteObjects",
  "getBucketLifecycleConfiguration",
  "getObject",
  "getObjectAttributes",
  "headBucket",
  "headObject",
  "listBuckets",
  "postObject",
  "putBucketLifecycleConfiguration",
  "putObject",
  "uploadPart",
] as const satisfies readonly ObjectAction[];

/** The actions of S3 without fauxqs's web framework, which takes a third of a second to load and no body over 11 MiB. */
export async function loadObjectActions(load: Load, objects: FauxqsObjects): Promise<ObjectActions> {
  const loaded = new Map(
    await Promise.all(
      actionNames.map(async (name) => [name, (await load(`s3/actions/${name}.js`))[name]] as const),
    ),
  );
  return (name, request) => {
    const reply = collectReply();
    // This one takes no request.
    if (name === "listBuckets") loaded.get(name)?.(reply, objects);
    else loaded.get(name)?.(request, reply, objects);
    return reply.answer();
  };
}

/** As much of a web framework's reply as the actions use. */
function collectReply() {
  const headers: Record<string, string> = {};
  let status = 200;
  let body: Buffer | string = "";
  const reply = {
    header(name: string, value: unknown) {
      headers[name] = String(value);
      return reply;
    },
    status(code: number) {
      status = code;
      return reply;
    },
    send(given?: Buffer | string) {
      body = given ?? "";
      return reply;
    },
    answer: (): ObjectAnswer => ({ status, headers, body }),
  };
  return reply;
}
