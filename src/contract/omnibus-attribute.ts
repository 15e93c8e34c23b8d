/** The one message attribute of ours: what must be added on the way, so that bodies are forwarded untouched. */
export const omnibusAttribute = "omnibus";
