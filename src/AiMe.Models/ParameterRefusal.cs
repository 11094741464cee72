namespace AiMe.Models;

/// <summary>A server's refusal of an optional parameter of a request.</summary>
/// <param name="Parameter">One of <see cref="RequestParameters"/>.</param>
/// <param name="Instead">
/// What is sent in its place: <c>max_tokens</c> or <c>max_completion_tokens</c>, <c>json_object</c>, or the server's
/// limit of alternatives; empty if the parameter is left out.
/// </param>
/// <param name="Words">What the server said, and what leaving the parameter out means. Contains no key.</param>
public sealed record ParameterRefusal(string Parameter, string Instead, string Words);

/// <summary>Records that a server refuses a parameter.</summary>
public interface IParameterRefusals
{
    /// <summary>
    /// Called once for each refusal, before the request is repeated without the parameter, or, if the server did not
    /// name the parameter and it was found by trying, before the answer is used.
    /// </summary>
    Task RefusedAsync(ParameterRefusal refusal, CancellationToken cancellationToken);
}

/// <summary>The optional parameters of a request, by their names in <c>model.leave-out</c>.</summary>
public static class RequestParameters
{
    /// <summary>The form of a reflection; it is described in the prompt too.</summary>
    public const string ResponseFormat = "response-format";

    /// <summary>The seed of a sample.</summary>
    public const string Seed = "seed";

    /// <summary>Log-probabilities of the sampled tokens, and with them the alternatives.</summary>
    public const string LogProbabilities = "log-probabilities";

    /// <summary>The alternatives of each sampled token.</summary>
    public const string Alternatives = "alternatives";

    /// <summary>Embeddings as base64.</summary>
    public const string EncodingFormat = "encoding-format";

    /// <summary>The number of components of an embedding.</summary>
    public const string Dimensions = "dimensions";

    /// <summary>The usage at the end of a stream.</summary>
    public const string StreamOptions = "stream-options";

    /// <summary>The limit of an answer, which has two names. It is renamed and never left out.</summary>
    public const string TokenLimit = "token-limit";

    /// <summary>The temperature.</summary>
    public const string Temperature = "temperature";

    /// <summary>Nucleus sampling.</summary>
    public const string TopP = "top-p";

    /// <summary>Stop sequences.</summary>
    public const string Stop = "stop";
}
