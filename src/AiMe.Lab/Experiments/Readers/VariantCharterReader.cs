using AiMe.Corpora;
using AiMe.Lab.Experiments.Populations;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads the <c>charter</c> of a variant: the name of one of the experiment's charters.</summary>
/// <param name="charters">Null if they have an error, in which case nothing is checked.</param>
internal sealed class VariantCharterReader(CharterSet? charters)
{
    public const string How = "the name of one of the experiment's charters; only with charters: {each: variant}";

    /// <summary>The name; null if no variant has a charter of its own, or if it is invalid.</summary>
    /// <param name="variant">The variant, for a key that is missing.</param>
    public string? Read(FieldReader? field, FieldReader variant)
    {
        if (field?.Asked is not null)
        {
            field.Text();
            return null;
        }

        if (charters is null)
            return null;
        if (!charters.ByVariant)
        {
            field?.Fail($"{VariantReader.OfTheRun}; it may name a charter if the experiment has charters: {{each: variant}}");
            return null;
        }

        string[] names = [.. charters.Members.Select(m => m.Charter.Name)];
        if (field is null)
        {
            variant.Fail($"the key charter is missing, which charters.each: variant needs; expected one of {string.Join(", ", names)}");
            return null;
        }

        var name = field.Text("the name of a charter");
        if (name.Length > 0 && !names.Contains(name, StringComparer.Ordinal))
            field.Expected($"the name of a charter: {string.Join(", ", names)}{Nearest.Hint(name, names)}");
        // With one charter in all there is nothing to choose.
        return charters.HasSeveral ? name : null;
    }
}
