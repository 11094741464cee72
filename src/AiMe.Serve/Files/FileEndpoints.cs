using System.Text.Json;
using AiMe.Serve.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AiMe.Serve.Files;

/// <summary>The endpoints of <c>/v1/files</c>.</summary>
internal sealed class FileEndpoints(FileShelf files, ServeOptions options)
{
    private const string FineTune = "fine-tune";

    private const int MostListed = 10_000;

    /// <summary>Uploads a file.</summary>
    public async Task CreateAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
            throw new ApiException(
                StatusCodes.Status415UnsupportedMediaType,
                $"Invalid content type: found '{context.Request.ContentType}', expected 'multipart/form-data'.",
                code: "invalid_content_type"
            );
        var form = await FormAsync(context);
        var purpose = form["purpose"].ToString();
        if (purpose != FineTune)
            throw ApiException.Invalid(
                purpose.Length == 0
                    ? "Missing required parameter: 'purpose': expected fine-tune."
                    : $"Invalid value for 'purpose': found '{purpose}', and this server uses files only for fine-tune.",
                "purpose",
                "invalid_value"
            );
        foreach (var name in form.Keys.Where(k => k is not ("purpose" or "file")))
            throw ApiException.Invalid($"Unknown parameter: '{name}'.", name, "unknown_parameter");
        if (form.Files.GetFile("file") is not { } sent)
            throw ApiException.Invalid(
                "Missing required parameter: 'file': expected a file of JSON Lines.",
                "file",
                "missing_required_parameter"
            );
        if (sent.Length == 0)
            throw ApiException.Invalid("Invalid value for 'file': it is empty.", "file", "invalid_value");
        using var content = new MemoryStream();
        await sent.CopyToAsync(content, context.RequestAborted);
        var file = await files.AddAsync(Path.GetFileName(sent.FileName), purpose, content.ToArray(), context.RequestAborted);
        await JsonBody.WriteAsync(context, json => Write(json, file));
    }

    /// <summary>Lists files, the newest first.</summary>
    public Task ListAsync(HttpContext context)
    {
        var purpose = context.Request.Query["purpose"].ToString();
        var isOldestFirst = context.Request.Query["order"].ToString() switch
        {
            "" or "desc" => false,
            "asc" => true,
            var other => throw ApiException.Invalid(
                $"Invalid value for 'order': found '{other}', expected asc or desc.",
                "order",
                "invalid_value"
            ),
        };
        var all = files.All.Where(f => purpose.Length == 0 || f.Purpose == purpose);
        var page = ListPage<StoredFile>.Of(context.Request, isOldestFirst ? all.Reverse() : all, f => f.Id, MostListed, MostListed);
        return JsonBody.WriteAsync(context, json => JsonBody.List(json, page, f => f.Id, Write));
    }

    /// <summary>Describes a file.</summary>
    public Task GetAsync(HttpContext context, string id)
    {
        var file = files.Need(id);
        return JsonBody.WriteAsync(context, json => Write(json, file));
    }

    /// <summary>Sends a file's bytes.</summary>
    public async Task ContentAsync(HttpContext context, string id)
    {
        var path = files.PathOf(files.Need(id));
        context.Response.ContentType = "application/octet-stream";
        await context.Response.SendFileAsync(path, context.RequestAborted);
    }

    /// <summary>Deletes a file.</summary>
    public async Task DeleteAsync(HttpContext context, string id)
    {
        await files.DeleteAsync(id, context.RequestAborted);
        await JsonBody.WriteAsync(context, json =>
        {
            json.WriteString("id", id);
            json.WriteString("object", "file");
            json.WriteBoolean("deleted", true);
        });
    }

    private async Task<IFormCollection> FormAsync(HttpContext context)
    {
        var limits = new FormOptions { MultipartBodyLengthLimit = options.LargestFile, ValueLengthLimit = 1024 };
        try
        {
            return await new FormFeature(context.Request, limits).ReadFormAsync(context.RequestAborted);
        }
        catch (InvalidDataException e) when (e.Message.Contains("length limit", StringComparison.Ordinal))
        {
            throw new ApiException(
                StatusCodes.Status413PayloadTooLarge,
                $"The file is too large: expected at most {options.LargestFile} bytes.",
                "file",
                "file_too_large"
            );
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw ApiException.Invalid($"The body is not multipart/form-data: {e.Message}", "file", "invalid_multipart");
        }
    }

    private static void Write(Utf8JsonWriter json, StoredFile file)
    {
        json.WriteString("id", file.Id);
        json.WriteString("object", "file");
        json.WriteNumber("bytes", file.Bytes);
        json.WriteNumber("created_at", file.CreatedAt);
        json.WriteString("filename", file.Name);
        json.WriteString("purpose", file.Purpose);
        json.WriteString("status", "processed");
        json.WriteNull("status_details");
        json.WriteNull("expires_at");
    }
}
