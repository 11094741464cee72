using System.Collections.Immutable;
using System.Text;
using AiMe.Faculties;

namespace AiMe.Lab.Experiments.Personas;

/// <summary>Turns items of persona files into choice probes.</summary>
/// <remarks>
/// Nothing is chosen by letter: an option is scored as the completion of a stem. Each item has four wordings, two with the
/// question as it is given and, if it asks about a statement, two that hold the statement in the stem. Four are a multiple of two
/// options, so that a hosted model's preference for a letter cancels.
/// </remarks>
public static class PersonaProbes
{
    /// <summary>Whether an answer affirms.</summary>
    internal static bool IsYes(string answer) => answer.Trim().StartsWith("yes", StringComparison.OrdinalIgnoreCase);

    /// <summary>The scale that a file's name gives: lower-case words with hyphens.</summary>
    public static string ScaleOf(string name)
    {
        var scale = new StringBuilder();
        foreach (var c in name.ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(c))
                scale.Append(c);
            else if (scale.Length > 0 && scale[^1] != '-')
                scale.Append('-');
        }

        return scale.ToString().Trim('-') is { Length: > 0 } known ? known : "persona";
    }

    /// <summary>The probes of some items.</summary>
    /// <param name="prefix">Begins each id, which ends in the item's line.</param>
    /// <param name="scale">What the items measure.</param>
    public static IEnumerable<ChoiceProbe> Of(string prefix, string scale, IEnumerable<PersonaItem> items) =>
        items.Select(i => new ChoiceProbe($"{prefix}-{i.Line}", scale, Asks(i), i.Options, i.Keyed));

    private static ImmutableArray<ProbeAsk> Asks(PersonaItem item) =>
        item switch
        {
            { IsShort: true, Statement: { } statement } =>
            [
                new(item.Question, "My answer is"),
                new(item.Question, "Would I say it?"),
                new("Would you say this?", $"\"{statement}\" Would I say that?"),
                new("Is this like you?", $"\"{statement}\" Is that like me?"),
            ],
            { IsShort: true } =>
            [
                new(item.Question, "My answer is"),
                new(item.Question, "I would answer"),
                new($"Answer in one word. {item.Question}", "In one word:"),
                new($"{item.Question} What do you say?", "I say"),
            ],
            _ =>
            [
                new(item.Question, "My answer is:"),
                new(item.Question, "I would say:"),
                new($"{item.Question} What do you say?", "I say:"),
                new($"Tell me. {item.Question}", "If you ask me:"),
            ],
        };
}
