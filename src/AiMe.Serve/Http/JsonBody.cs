using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AiMe.Serve.Http;

/// <summary>Reads and writes JSON.</summary>
internal static class JsonBody
{
    /// <summary>The members of a request's JSON object.</summary>
    /// <exception cref="ApiException">It has another content type, or is no JSON object.</exception>
    public static async Task<RequestMembers> ReadAsync(HttpContext context)
    {
        Require(context.Request);
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
            MustBeText(document.RootElement);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new RequestMembers(document.RootElement.Clone())
                : throw ApiException.Invalid("The body must be a JSON object.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw ApiException.Invalid($"We could not parse the JSON body of your request: {e.Message}", code: "invalid_json");
        }
    }

    /// <summary>Checks that every text is one: half of a surrogate pair, and bytes that are not UTF-8, are JSON to the parser.</summary>
    /// <exception cref="InvalidOperationException">One is not.</exception>
    public static void MustBeText(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                json.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                    MustBeText(item);
                break;
            case JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                {
                    _ = member.Name;
                    MustBeText(member.Value);
                }

                break;
        }
    }

    /// <summary>Refuses a body that is not declared as JSON: a page of another site can send other types without asking first.</summary>
    public static void Require(HttpRequest request)
    {
        var type = request.ContentType?.Split(';')[0].Trim();
        if (!string.Equals(type, "application/json", StringComparison.OrdinalIgnoreCase))
            throw new ApiException(
                StatusCodes.Status415UnsupportedMediaType,
                $"Invalid content type: found '{type}', expected 'application/json'.",
                code: "invalid_content_type"
            );
    }

    /// <summary>Answers with a JSON object.</summary>
    public static Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        var bytes = Of(write);
        context.Response.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }

    /// <summary>The bytes of a JSON object. Numbers are the shortest that give the same bits again.</summary>
    public static byte[] Of(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Answers with an error in OpenAI's shape.</summary>
    public static Task WriteAsync(HttpContext context, ApiException error)
    {
        if (error.RetryAfter is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (error.Status == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        return WriteAsync(context, json => Error(json, error), error.Status);
    }

    /// <summary>The member <c>error</c>.</summary>
    public static void Error(Utf8JsonWriter json, ApiException error)
    {
        json.WriteStartObject("error");
        json.WriteString("message", error.Message);
        json.WriteString("type", error.Type);
        Text(json, "param", error.Parameter);
        Text(json, "code", error.Code);
        json.WriteEndObject();
    }

    /// <summary>A text or null.</summary>
    public static void Text(Utf8JsonWriter json, string name, string? text)
    {
        if (text is null)
            json.WriteNull(name);
        else
            json.WriteString(name, text);
    }

    /// <summary>One page of a list.</summary>
    public static void List<T>(Utf8JsonWriter json, ListPage<T> page, Func<T, string> id, Action<Utf8JsonWriter, T> write)
    {
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var item in page.Items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Text(json, "first_id", page.Items is [var first, ..] ? id(first) : null);
        Text(json, "last_id", page.Items is [.., var last] ? id(last) : null);
        json.WriteBoolean("has_more", page.HasMore);
    }
}
