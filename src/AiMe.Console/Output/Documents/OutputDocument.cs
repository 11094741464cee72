using System.Text.Json;

namespace AiMe.Console.Output.Documents;

/// <summary>
/// A document that <c>--json</c> prints: one JSON object on one line. Its first member is <c>schemaVersion</c>.
/// </summary>
/// <remarks>
/// Names are camelCase. Every member is always present, and null if it is undefined, unless its description names the
/// case in which it is absent. Fractions are fractions (0.05 is 5%), and numbers have full precision.
/// </remarks>
internal abstract record OutputDocument
{
    /// <summary>
    /// Version of the form of all documents. It rises if a member is renamed, is removed or changes its meaning; a new
    /// member does not raise it.
    /// </summary>
    public const int Version = 1;

    /// <summary>The document as one line of JSON.</summary>
    public string ToLine() =>
        $$"""{"schemaVersion":{{Version}},{{JsonSerializer.Serialize(this, GetType(), OutputContract.Options)[1..]}}""";
}
