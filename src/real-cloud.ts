/** Amazon's own domains: AWS, its other partitions and its newer names. https://docs.aws.amazon.com/general/latest/gr/rande.html */
const amazonDomains =
  /(^|\.)(amazonaws\.(com|com\.cn|eu)|api\.aws|aws\.amazon\.com|aws|c2s\.ic\.gov|sc2s\.sgov\.gov)\.?$/;

/** Whether calls to this endpoint reach the real cloud: a host of Amazon's, or none named, because then every AWS tool goes there. */
export function isRealCloud(endpoint: string | undefined): boolean {
  if (endpoint === undefined || endpoint.trim() === "") return true;
  return URL.canParse(endpoint) && amazonDomains.test(new URL(endpoint).hostname);
}
