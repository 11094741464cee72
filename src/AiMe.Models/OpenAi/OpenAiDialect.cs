using System.ClientModel;
using System.Collections.Immutable;

namespace AiMe.Models.OpenAi;

/// <summary>A request's JSON, and the optional parameters in it.</summary>
internal sealed record OpenAiBody(BinaryData Json, ImmutableArray<string> Optional)
{
    public BinaryContent Content => BinaryContent.Create(Json);
}

/// <summary>The parameters that a server does not take, and what it takes in their place. Immutable.</summary>
internal sealed class OpenAiDialect
{
    public const string MaxTokens = "max_tokens",
        MaxCompletionTokens = "max_completion_tokens",
        JsonObject = "json_object",
        JsonSchema = "json_schema";

    private readonly ImmutableDictionary<string, string> _instead;
    private readonly ImmutableHashSet<string> _refused;

    private OpenAiDialect(ImmutableDictionary<string, string> instead, ImmutableHashSet<string> refused, bool names) =>
        (_instead, _refused, Names) = (instead, refused, names);

    /// <summary>Whether messages have the names of their parts.</summary>
    public bool Names { get; }

    /// <summary>What the options say beforehand.</summary>
    public static OpenAiDialect Of(OpenAiOptions options)
    {
        var instead = ImmutableDictionary<string, string>.Empty;
        if (options.OldTokenLimit)
            instead = instead.SetItem(RequestParameters.TokenLimit, MaxTokens);
        if (!options.LogProbabilities)
            instead = instead.SetItem(RequestParameters.LogProbabilities, "");
        foreach (var refusal in options.LeftOut)
            instead = instead.SetItem(refusal.Parameter, refusal.Instead);
        return new(instead, [], options.Names);
    }

    /// <summary>Whether a parameter is sent in some form.</summary>
    public bool Sends(string parameter) => Instead(parameter) is not "";

    /// <summary>What is sent in place of a parameter: null for itself, empty for nothing.</summary>
    public string? Instead(string parameter) => _instead.GetValueOrDefault(parameter);

    /// <summary>Whether the server refused this parameter since the process began.</summary>
    public bool Refused(string parameter) => _refused.Contains(parameter);

    /// <summary>The name of the limit of an answer.</summary>
    public string TokenLimit => Instead(RequestParameters.TokenLimit) ?? MaxCompletionTokens;

    /// <summary>The dialect after a refusal.</summary>
    public OpenAiDialect With(ParameterRefusal refusal) =>
        new(_instead.SetItem(refusal.Parameter, refusal.Instead), _refused.Add(refusal.Parameter), Names);
}
