using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AiMe.Faculties;

namespace AiMe.Lab.Analysis.Memories;

/// <summary>The categories of junk that a program can judge, in the order in which a memory is counted.</summary>
public enum JunkKind
{
    /// <summary>It has the words of an earlier memory.</summary>
    ExactDuplicate,

    /// <summary>Its embedding is close to that of an earlier memory.</summary>
    NearDuplicate,

    /// <summary>Its answer was given before, to another question.</summary>
    SameAnswer,

    /// <summary>Its answer has all words of a memory that was in its prompt.</summary>
    RepeatsRecalled,

    /// <summary>It has a whole sentence of the charter's stem or the self-model.</summary>
    RestatesPrompt,

    /// <summary>Its answer has no word.</summary>
    NoWord,

    /// <summary>It has an address, a key or a path.</summary>
    Leak,

    /// <summary>It has a placeholder of a template.</summary>
    Placeholder,
}

/// <summary>Memories of one category of junk that are of none before it.</summary>
/// <param name="Count">Their number; null if it was not determined.</param>
public sealed record JunkCount(JunkKind Kind, int? Count);

/// <summary>
/// The share of junk among the memories that are recallable at the end of the record, after a public audit of another system. It is
/// a least share: categories that need a reader are left out.
/// </summary>
/// <param name="Memories">Recallable memories.</param>
/// <param name="Counts">Every category once, in order.</param>
/// <remarks>Source: github.com/mem0ai/mem0/issues/4573; docs/MEMORY.md compares the categories.</remarks>
public sealed record JunkMeasure(int Memories, ImmutableArray<JunkCount> Counts)
{
    // An IPv4 or e-mail address, a key of a known form, a path of a machine.
    private static readonly Regex s_leak = Linear(
        @"\b(\d{1,3}\.){3}\d{1,3}\b|[\w.+-]+@[\w-]+\.\w+|\b(sk|pk|ghp|gho|xoxb|xoxp|hf|AKIA)[-_]?[A-Za-z0-9_-]{16,}|"
            + @"-----BEGIN [A-Z ]*KEY|(^|\s)/(home|root|etc|var|usr|opt|mnt|tmp|Users)/\S|\b[A-Za-z]:\\\S"
    );

    // {{name}}, ${name}, <|name|>, [insert name], [your name]
    private static readonly Regex s_placeholder = Linear(@"\{\{[^{}]*\}\}|\$\{[^{}]*\}|<\|[^|<>]*\|>|\[([Ii]nsert|[Yy]our) [^\[\]]*\]");

    /// <summary>Memories of any category.</summary>
    public int Junk => Counts.Sum(c => c.Count ?? 0);

    /// <summary>Their share, in [0, 1]; NaN without a memory.</summary>
    public double Share => Memories == 0 ? double.NaN : (double)Junk / Memories;

    /// <summary>Whether a text has an address, a key of a known form, or a path of a machine.</summary>
    public static bool Leaks(string text) => s_leak.IsMatch(text);

    /// <summary>Whether a text has a placeholder of a template.</summary>
    public static bool HasPlaceholder(string text) => s_placeholder.IsMatch(text);

    /// <summary>Counts each memory once, in the first category that it is of.</summary>
    internal static JunkMeasure Of(ImmutableArray<AuditedMemory> recallable, DuplicateFigures duplicates, PromptEchoes echoes)
    {
        var exact = duplicates.Groups.SelectMany(g => g.Ids.Skip(1)).ToHashSet();
        HashSet<MemoryId> near = duplicates.Near.IsDefault ? [] : [.. duplicates.Near.Select(n => n.Id)];
        var same = duplicates.SameAnswers.Select(s => s.Id).ToHashSet();
        var repeats = echoes.Repeats.Select(r => r.Id).ToHashSet();
        var restating = echoes.Restating.ToHashSet();
        var counts = recallable.Select(KindOf).OfType<JunkKind>().CountBy(k => k).ToDictionary(c => c.Key, c => c.Value);
        return new(
            recallable.Length,
            [
                .. Enum.GetValues<JunkKind>()
                    .Select(k => new JunkCount(
                        k,
                        k == JunkKind.NearDuplicate && duplicates.Near.IsDefault ? null : counts.GetValueOrDefault(k)
                    )),
            ]
        );

        JunkKind? KindOf(AuditedMemory m) =>
            exact.Contains(m.Id) ? JunkKind.ExactDuplicate
            : near.Contains(m.Id) ? JunkKind.NearDuplicate
            : same.Contains(m.Id) ? JunkKind.SameAnswer
            : repeats.Contains(m.Id) ? JunkKind.RepeatsRecalled
            : restating.Contains(m.Id) ? JunkKind.RestatesPrompt
            : PlainWords.Of(m.Answer).Count == 0 ? JunkKind.NoWord
            : Leaks(m.Text) ? JunkKind.Leak
            : HasPlaceholder(m.Text) ? JunkKind.Placeholder
            : null;
    }

    // In time linear in the text, whatever a model wrote.
    private static Regex Linear(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
