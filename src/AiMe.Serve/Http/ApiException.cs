using Microsoft.AspNetCore.Http;

namespace AiMe.Serve.Http;

/// <summary>A request that is answered with an error in OpenAI's shape.</summary>
/// <param name="parameter">The member of the request that is the reason, or null.</param>
/// <param name="code">OpenAI's word for it, or null.</param>
public sealed class ApiException(int status, string message, string? parameter = null, string? code = null) : Exception(message)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The member of the request that is the reason, or null.</summary>
    public string? Parameter { get; } = parameter;

    /// <summary>OpenAI's word for it, or null.</summary>
    public string? Code { get; } = code;

    /// <summary>OpenAI's kind of the error.</summary>
    public string Type =>
        Status switch
        {
            StatusCodes.Status401Unauthorized => "authentication_error",
            StatusCodes.Status403Forbidden => "permission_error",
            StatusCodes.Status429TooManyRequests => "rate_limit_error",
            >= 500 => "server_error",
            _ => "invalid_request_error",
        };

    /// <summary>Seconds after which a retry may succeed, or null.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>A value that cannot be used.</summary>
    public static ApiException Invalid(string message, string? parameter = null, string? code = null) =>
        new(StatusCodes.Status400BadRequest, message, parameter, code);

    /// <summary>A parameter, or a value of it, that OpenAI has and this server has not.</summary>
    public static ApiException Unsupported(string parameter, string why) =>
        new(StatusCodes.Status400BadRequest, $"Unsupported parameter: '{parameter}': {why}", parameter, "unsupported_parameter");

    /// <summary>A resource that does not exist.</summary>
    public static ApiException NotFound(string message, string? parameter = null, string? code = null) =>
        new(StatusCodes.Status404NotFound, message, parameter, code);
}
