using System.Threading.Channels;
using AiMe.Models;
using Microsoft.AspNetCore.Http;

namespace AiMe.Serve.Http;

/// <summary>Writes a stream of JSON objects as server-sent events.</summary>
internal static class ServerSentEvents
{
    /// <summary>Writes each object as it comes, then <c>[DONE]</c>; a failure is an event with an error.</summary>
    public static async Task WriteAsync(HttpContext context, ChannelReader<byte[]> events)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        var (body, cancelled) = (context.Response.Body, context.RequestAborted);
        try
        {
            await foreach (var chunk in events.ReadAllAsync(cancelled))
                await WriteAsync(chunk);
            await WriteAsync("[DONE]"u8.ToArray());
        }
        catch (Exception e) when (e is ProviderException or ArithmeticException)
        {
            var error = new ApiException(StatusCodes.Status500InternalServerError, e.Message);
            await WriteAsync(JsonBody.Of(json => JsonBody.Error(json, error)));
        }

        async Task WriteAsync(byte[] data)
        {
            byte[] line = [.. "data: "u8, .. data, .. "\n\n"u8];
            await body.WriteAsync(line, cancelled);
            await body.FlushAsync(cancelled);
        }
    }
}
