/** A refusal in the shape that clients of OpenAI's interface read. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    private readonly about: { param?: string; code?: string; type?: string } = {},
  ) {
    super(message);
  }

  get body(): object {
    const {
      param = null,
      code = null,
      type = this.status >= 500 ? 'server_error' : 'invalid_request_error',
    } = this.about;
    return { error: { message: this.message, type, param, code } };
  }
}

/** The request asks for something that the server does not do or cannot read. */
export function badRequest(message: string, param?: string, code?: string): ApiError {
  return new ApiError(400, message, { ...(param !== undefined && { param }), ...(code !== undefined && { code }) });
}
