using System.Text.RegularExpressions;
using AiMe.Models;
using AiMe.Nano.Lora;
using AiMe.Serve.Http;
using AiMe.Serve.Models;
using Microsoft.AspNetCore.Http;

namespace AiMe.Serve.Adapters;

/// <summary><c>POST /v1/load_lora_adapter</c> and <c>/v1/unload_lora_adapter</c>, as vLLM has them.</summary>
/// <remarks>An adapter is read once, so that a file that changes later changes no answer. A restart forgets loaded adapters.</remarks>
/// <param name="checkpoints">Keeps the bytes of what is loaded.</param>
internal sealed partial class AdapterEndpoints(ModelCatalog models, ICheckpoints checkpoints, ServeOptions options, TimeProvider time)
{
    private const string InFolder = "adapter_model.safetensors";

    /// <summary>Loads an adapter under a name.</summary>
    public async Task LoadAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context);
        var (name, path) = (request.NeedText("lora_name"), request.NeedText("lora_path"));
        if (!AdapterName().IsMatch(name))
            throw ApiException.Invalid(
                $"The name '{name}' is none of an adapter: expected letters, digits and -_. without the form of a round's checkpoint "
                    + "(@) or of a digest.",
                "lora_name",
                "invalid_name"
            );
        request.Unless("load_inplace", f => f.ValueKind == System.Text.Json.JsonValueKind.False, "unload it first");
        request.Ignore("base_model_name");
        request.End();
        var bytes = await File.ReadAllBytesAsync(PathOf(path), context.RequestAborted);
        var under = BaseOf(bytes, path);
        var family = models.FamilyWith(under)
            ?? throw ApiException.Invalid(
                $"The adapter '{path}' belongs to the weights {under}, and no served model has them.",
                "lora_path",
                "base_not_served"
            );
        var checkpoint = await checkpoints.SaveAsync(bytes, context.RequestAborted);
        await family.ModelAsync(checkpoint, context.RequestAborted); // a damaged one fails here
        var model = new ServedModel(name, checkpoint, family, time.GetUtcNow().ToUnixTimeSeconds()) { Owner = "adapter" };
        if (!models.AddAdapter(model))
            throw ApiException.Invalid(
                $"The lora adapter '{name}' has already been loaded, or a model has that name.",
                "lora_name",
                "name_taken"
            );
        await SayAsync(context, $"Success: LoRA adapter '{name}' added successfully.");
    }

    /// <summary>Forgets an adapter.</summary>
    public async Task UnloadAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context);
        var name = request.NeedText("lora_name");
        request.Ignore("lora_int_id");
        request.End();
        if (!models.RemoveAdapter(name))
            throw ApiException.NotFound($"The lora adapter '{name}' cannot be found.", "lora_name", "adapter_not_found");
        await SayAsync(context, $"Success: LoRA adapter '{name}' removed successfully.");
    }

    private static Task SayAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    // A name alone, never a path; and a link may not lead out of the folder.
    private string PathOf(string name)
    {
        if (options.Adapters is not { } folder)
            throw new ApiException(
                StatusCodes.Status403Forbidden,
                "This server loads no adapters: it was started without --adapters.",
                "lora_path",
                "adapters_off"
            );
        if (name is "." or ".." || name.Length > 128 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            throw ApiException.Invalid(
                $"Invalid value for 'lora_path': found '{name}', expected the name of an adapter in the server's folder: letters, "
                    + "digits, '-', '_' and '.'.",
                "lora_path",
                "invalid_value"
            );
        string[] candidates =
        [
            Path.Combine(folder, name, InFolder),
            Path.Combine(folder, $"{name}.safetensors"),
            Path.Combine(folder, name),
        ];
        var found = candidates.FirstOrDefault(File.Exists)
            ?? throw ApiException.NotFound($"There is no adapter '{name}' in the server's folder.", "lora_path", "adapter_not_found");
        return IsLink(found) || IsLink(Path.Combine(folder, name))
            ? throw ApiException.Invalid($"The adapter '{name}' is a link: copy it into the folder.", "lora_path", "invalid_value")
            : found;
    }

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static string BaseOf(byte[] bytes, string name)
    {
        try
        {
            return Adapter.BaseOf(bytes)
                ?? throw ApiException.Invalid(
                    $"The file of '{name}' does not name the weights that it belongs to: expected an adapter that `aime models export "
                        + "--as peft` wrote.",
                    "lora_path",
                    "not_an_adapter"
                );
        }
        catch (FormatException e)
        {
            throw ApiException.Invalid($"The file of '{name}' is no adapter: {e.Message}", "lora_path", "not_an_adapter");
        }
    }

    // Names that the server gives by itself stay free: a round's checkpoint, a digest, a job's model.
    [GeneratedRegex(
        @"^(?![0-9a-f]{8,64}$)[A-Za-z0-9][A-Za-z0-9_.\-]{0,199}$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex AdapterName();
}
