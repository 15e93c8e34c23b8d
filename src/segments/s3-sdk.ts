// A file of its own, imported when S3 is called: whoever only names objects needs no AWS SDK.
export {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
