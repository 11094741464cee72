using AiMe.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiMe.Serve.Http;

/// <summary>Answers every failure in OpenAI's shape.</summary>
internal static partial class ErrorReplies
{
    /// <summary>The header by which a person finds an answer again.</summary>
    public const string RequestId = "x-request-id";

    /// <summary>Runs a request.</summary>
    public static async Task RunAsync(HttpContext context, ILogger log, Func<Task> request)
    {
        try
        {
            await request();
            if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status404NotFound, ContentLength: null })
                await JsonBody.WriteAsync(
                    context,
                    ApiException.NotFound($"Unknown request URL: {context.Request.Method} {context.Request.Path}.", code: "unknown_url")
                );
            else if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status405MethodNotAllowed })
                await JsonBody.WriteAsync(
                    context,
                    new ApiException(
                        StatusCodes.Status405MethodNotAllowed,
                        $"Not allowed: {context.Request.Method} {context.Request.Path}.",
                        code: "method_not_supported"
                    )
                );
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has left: nobody reads an answer.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var error = Of(e);
            if (error.Status >= StatusCodes.Status500InternalServerError)
                Failed(log, e, context.Request.Path);
            var id = context.Response.Headers[RequestId];
            context.Response.Clear();
            context.Response.Headers[RequestId] = id;
            await JsonBody.WriteAsync(context, error);
        }
    }

    private static ApiException Of(Exception e) =>
        e switch
        {
            ApiException known => known,
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } large => new(
                large.StatusCode,
                "The request body is too large.",
                code: "request_too_large"
            ),
            BadHttpRequestException bad => new(bad.StatusCode, bad.Message),
            ProviderException provider when provider.Message.Contains("context has only", StringComparison.Ordinal) => ApiException.Invalid(
                provider.Message,
                "messages",
                "context_length_exceeded"
            ),
            ProviderException provider => ApiException.Invalid(provider.Message, code: "model_error"),
            _ => new(StatusCodes.Status500InternalServerError, "The server had an error while processing your request."),
        };

    [LoggerMessage(Level = LogLevel.Error, Message = "The request {Path} failed.")]
    private static partial void Failed(ILogger log, Exception e, string path);
}
