import { isRealCloud } from "../../src/real-cloud.ts";
import { EmulatorError } from "./emulator-error.ts";

/**
 * Answers the endpoint, as it is to be used, or throws `EmulatorError` when it would be the real cloud: a host of
 * Amazon's, or none at all, because then every AWS tool goes there.
 */
export function refuseRealCloud(endpoint: string | undefined): string {
  const allowed =
    "an emulator's address, such as http://127.0.0.1:4566; unset AWS_ENDPOINT_URL to have one started";
  if (endpoint === undefined || endpoint.trim() === "") {
    throw new EmulatorError(
      "endpoint-missing",
      `no endpoint: without one every AWS tool reaches the real cloud. Give ${allowed}`,
    );
  }
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new EmulatorError(
      "endpoint-invalid",
      `the endpoint ${JSON.stringify(endpoint)} is no http(s) address. Give ${allowed}`,
    );
  }
  if (isRealCloud(endpoint)) {
    throw new EmulatorError(
      "endpoint-real-cloud",
      `the endpoint ${endpoint} is the real cloud: nothing was done. Give ${allowed}`,
    );
  }
  // A bucket is a host in front of this name, and many machines do not resolve names below localhost.
  if (url.hostname === "localhost") url.hostname = "127.0.0.1";
  return url.href.replace(/\/+$/, "");
}
