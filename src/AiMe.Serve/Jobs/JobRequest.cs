using System.Collections.Immutable;
using System.Text.Json;
using AiMe.Serve.Http;

namespace AiMe.Serve.Jobs;

/// <summary>A request to fine-tune.</summary>
/// <param name="Multiplier">Multiplier of the server's learning rate.</param>
internal sealed record JobRequest(
    string Model,
    string TrainingFile,
    string Method,
    int Epochs,
    double Multiplier,
    double Beta,
    long? Seed,
    string? Suffix,
    ImmutableSortedDictionary<string, string> Metadata
)
{
    private const int UsualEpochs = 3,
        MostEpochs = 1000,
        LongestSuffix = 64,
        MostMetadata = 16;

    private const double UsualBeta = 0.1;

    /// <summary>Passes over the data, learning rate and beta.</summary>
    private sealed record Hyperparameters(int? Epochs, double? Multiplier, double? Beta);

    /// <summary>Reads a request.</summary>
    /// <exception cref="ApiException">A parameter is wrong, unknown, or not supported.</exception>
    public static JobRequest Read(RequestMembers request)
    {
        var (model, file) = (request.NeedText("model"), request.NeedText("training_file"));
        var (method, named) = Method_(request);
        var plain = request.Inner("hyperparameters") is { } h ? Read(h, isDpo: false) : null;
        if (named is not null && plain is not null)
            throw ApiException.Invalid(
                "'hyperparameters' and 'method' are both given: send one of them.",
                "hyperparameters",
                "invalid_parameter_combination"
            );
        var chosen = named ?? plain ?? new Hyperparameters(null, null, null);
        var suffix = request.Text("suffix");
        if (suffix is { Length: 0 or > LongestSuffix })
            throw ApiException.Invalid($"Invalid value for 'suffix': expected 1 to {LongestSuffix} characters.", "suffix", "invalid_value");
        var seed = request.Whole("seed", long.MinValue, long.MaxValue);
        request.Unless("validation_file", _ => false, "jobs have no validation; score the held-out text with prompt_logprobs");
        request.Unless("integrations", i => i.ValueKind == JsonValueKind.Array && i.GetArrayLength() == 0, "there are none");
        var metadata = ReadMetadata(request);
        request.End();
        return new(
            model,
            file,
            method,
            chosen.Epochs ?? UsualEpochs,
            chosen.Multiplier ?? 1,
            chosen.Beta ?? UsualBeta,
            seed,
            suffix,
            metadata
        );
    }

    private static (string Method, Hyperparameters? Chosen) Method_(RequestMembers request)
    {
        if (request.Inner("method") is not { } method)
            return (TuningOrder.Supervised, null);
        var type = method.NeedText("type");
        if (type is not (TuningOrder.Supervised or TuningOrder.Dpo))
            throw ApiException.Unsupported("method.type", $"found '{type}', expected supervised or dpo");
        Hyperparameters? chosen = null;
        if (method.Inner(type) is { } options)
        {
            if (options.Inner("hyperparameters") is { } h)
                chosen = Read(h, type == TuningOrder.Dpo);
            options.End();
        }

        method.End();
        return (type, chosen);
    }

    private static Hyperparameters Read(RequestMembers h, bool isDpo)
    {
        h.Unless("batch_size", b => IsAuto(b), "a step of nano has a fixed number of tokens; only 'auto' is accepted");
        var epochs = NotAuto(h, "n_epochs") ? (int?)h.Whole("n_epochs", 1, MostEpochs) : null;
        var multiplier = NotAuto(h, "learning_rate_multiplier") ? Double(h, "learning_rate_multiplier") : null;
        var beta = isDpo && NotAuto(h, "beta") ? Double(h, "beta") : null;
        h.End();
        return new(epochs, multiplier, beta);
    }

    private static bool IsAuto(JsonElement e) => e.ValueKind == JsonValueKind.String && e.GetString() == "auto";

    private static bool NotAuto(RequestMembers h, string name) => h.Find(name) is { } found && !IsAuto(found);

    private static double? Double(RequestMembers h, string name)
    {
        var found = h.Find(name)!.Value;
        if (found.ValueKind != JsonValueKind.Number)
            throw h.Wrong(name, "'auto' or a number", found);
        return found.GetDouble() is var number && number > 0 && number <= 1000
            ? number
            : throw ApiException.Invalid(
                $"Invalid value for '{h.At(name)}': expected above 0 to 1000, found {found}.",
                h.At(name),
                "invalid_value"
            );
    }

    private static ImmutableSortedDictionary<string, string> ReadMetadata(RequestMembers request)
    {
        if (request.Find("metadata") is not { } metadata)
            return ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        if (metadata.ValueKind != JsonValueKind.Object || metadata.EnumerateObject().Any(m => m.Value.ValueKind != JsonValueKind.String))
            throw request.Wrong("metadata", "an object of strings", metadata);
        var members = metadata.EnumerateObject().ToArray();
        return members.Length <= MostMetadata
            ? members
                .DistinctBy(m => m.Name, StringComparer.Ordinal)
                .ToImmutableSortedDictionary(m => m.Name, m => m.Value.GetString()!, StringComparer.Ordinal)
            : throw ApiException.Invalid(
                $"Invalid value for 'metadata': expected at most {MostMetadata} members.",
                "metadata",
                "invalid_value"
            );
    }
}
