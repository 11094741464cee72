using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiMe.Faculties;

namespace AiMe.Lab.Experiments.Personas;

/// <summary>Writes choice probes as the YAML of a file of probes.</summary>
/// <remarks>Texts are JSON strings, which are YAML's double-quoted ones.</remarks>
public static class ProbeYaml
{
    /// <param name="comment">Lines of the head, without <c>#</c>.</param>
    /// <param name="probes">An item is reversed if it can be affirmed and its keyed option does not.</param>
    public static string Of(ImmutableArray<string> comment, IEnumerable<ChoiceProbe> probes)
    {
        var text = new StringBuilder();
        foreach (var line in comment)
            text.Append("# ").Append(line.ReplaceLineEndings(" ")).Append('\n');
        text.Append("\nprobes:\n");
        foreach (var probe in probes)
            Append(text, probe);
        return text.ToString();
    }

    private static void Append(StringBuilder text, ChoiceProbe probe)
    {
        text.Append("  - id: ").Append(Quoted(probe.Id)).Append('\n');
        text.Append("    kind: choice\n");
        text.Append("    trait: ").Append(Quoted(probe.Measures)).Append('\n');
        text.Append("    reversed: ").Append(PersonaProbes.IsYes(probe.Options[0]) && probe.Keyed != 0 ? "true" : "false").Append('\n');
        text.Append("    stems:\n");
        foreach (var ask in probe.Asks)
            text.Append("      - {ask: ").Append(Quoted(ask.Ask)).Append(", stem: ").Append(Quoted(ask.Stem)).Append("}\n");
        text.Append("    options: [").AppendJoin(", ", probe.Options.Select(Quoted)).Append("]\n");
        text.Append("    keyed: ").Append(probe.Keyed).Append("\n\n");
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
