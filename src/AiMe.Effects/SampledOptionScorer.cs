using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AiMe.Faculties;
using AiMe.Models;

namespace AiMe.Effects;

/// <summary>Limits of choice probes whose options get letters.</summary>
public static class HostedProbes
{
    /// <summary>Most options: the letters A to Z.</summary>
    public const int MostOptions = 26;
}

/// <summary>Asks a choice probe as text with lettered options, for providers that do not score text.</summary>
/// <remarks>
/// In paraphrase p, letter j is option (j + p) mod n, so that a bias for a letter falls on each option in turn and
/// cancels if there are as many paraphrases as options. The distribution over the options is that of the first token's
/// most likely alternatives if the provider returns them and the letters have at least half of the mass; else that of n
/// sampled answers. Answers that name no option are left out; if none names one, the row is NaN: unknown, not an error.
/// </remarks>
internal sealed partial class SampledOptionScorer(TextGenerator generator, int samples) : IOptionScorer
{
    private const int Alternatives = 20; // the API's maximum
    private const double LeastMass = 0.5;

    // A few tokens, because some models begin with a line break or a bracket; more for a model that reasons first.
    private static readonly ImmutableArray<int> Limits = [16, 1024, 8192];

    // The model's own distribution, neither sharpened nor truncated.
    private static readonly Sampling Spread = new(Temperature: 1, TopK: 0, TopP: 1, Limits[0]);

    private int _limit; // what one answer needed, the next is given at once

    /// <inheritdoc />
    public async Task<ImmutableArray<ImmutableArray<double>>> ChooseAsync(OptionScores choosing, CancellationToken cancellationToken)
    {
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<double>>(choosing.Probe.Asks.Length);
        for (var p = 0; p < choosing.Probe.Asks.Length; p++)
            rows.Add(await RowAsync(choosing, p, cancellationToken));
        return rows.MoveToImmutable();
    }

    /// <summary>The question of a paraphrase, and the option under each letter.</summary>
    public static (string Question, ImmutableArray<int> Order) Ask(ChoiceProbe probe, int paraphrase)
    {
        var (ask, n) = (probe.Asks[paraphrase], probe.Options.Length);
        ImmutableArray<int> order = [.. Enumerable.Range(0, n).Select(j => (j + paraphrase) % n)];
        var options = string.Join('\n', order.Select((option, j) => $"{LetterOf(j)}) {probe.Options[option].Trim()}"));
        return (
            $"{ask.Ask}\nWhich of these would you say? \"{ask.Stem} ...\"\n{options}\nAnswer with one letter and nothing "
                + $"else: {string.Join(", ", Enumerable.Range(0, n).Select(LetterOf))}.",
            order
        );
    }

    /// <summary>The option that a reply names, by its letter or in words; null if it names none, or several.</summary>
    public static int? Named(string reply, ImmutableArray<string> options, ImmutableArray<int> order)
    {
        foreach (var form in (Regex[])[LetterFirst(), LetterAnnounced()])
        {
            if (form.Match(reply) is { Success: true } match && Place(match.Groups["letter"].Value, order.Length) is { } place)
                return order[place];
        }

        var spoken = Enumerable.Range(0, options.Length).Where(o => WholeWords.Contain(reply, options[o])).ToArray();
        return spoken is [var one] ? one : null;
    }

    /// <summary>
    /// The share of each option in the alternatives of the first token; null if the letters have less than half of the
    /// mass.
    /// </summary>
    public static ImmutableArray<double>? Shares(ImmutableArray<Alternative> alternatives, ImmutableArray<int> order)
    {
        var mass = new double[order.Length];
        foreach (var (text, nats) in alternatives)
        {
            if (
                LetterToken().Match(text) is { Success: true } match
                && Place(match.Groups["letter"].Value, order.Length) is { } place
                && nats <= 0
            )
                mass[order[place]] += StrictMath.Exp(nats);
        }

        var sum = mass.Sum();
        return sum >= LeastMass ? [.. mass.Select(m => m / sum)] : null;
    }

    private async Task<ImmutableArray<double>> RowAsync(OptionScores choosing, int paraphrase, CancellationToken cancellationToken)
    {
        var (question, order) = Ask(choosing.Probe, paraphrase);
        var messages = generator.Messages(choosing.Prompt(question), choosing.Charter);
        var counts = new double[order.Length];
        for (var i = 0; i < samples; i++)
        {
            var (text, alternatives) = await ReplyAsync(messages, choosing, paraphrase, i, cancellationToken);
            if (i == 0 && Shares(alternatives, order) is { } shares)
                return shares;
            if (Named(text, choosing.Probe.Options, order) is { } option)
                counts[option]++;
        }

        var answered = counts.Sum();
        return [.. counts.Select(c => answered == 0 ? double.NaN : c / answered)];
    }

    private async Task<(string Text, ImmutableArray<Alternative> Alternatives)> ReplyAsync(
        List<Microsoft.Extensions.AI.ChatMessage> messages,
        OptionScores choosing,
        int paraphrase,
        int sample,
        CancellationToken cancellationToken
    )
    {
        for (var limit = Volatile.Read(ref _limit); ; limit++)
        {
            try
            {
                var (text, response) = await generator.SampleAsync(
                    messages,
                    TextTask.Answer,
                    choosing.Model,
                    Spread with
                    {
                        MaxTokens = Limits[limit],
                    },
                    choosing.Seed.Derive(choosing.Probe.Id, paraphrase, sample),
                    cancellationToken,
                    more: o => o.AdditionalProperties![Parts.AlternativesWanted] = Alternatives
                );
                return (
                    text,
                    response.AdditionalProperties?.GetValueOrDefault(Parts.Alternatives) is ImmutableArray<Alternative> told ? told : []
                );
            }
            catch (ProviderException nothing) when (nothing.NothingSaid)
            {
                return ("", []);
            }
            catch (ProviderException cut) when (cut.CutOff)
            {
                if (limit + 1 == Limits.Length)
                    throw new ProviderException(
                        $"The model used up {Limits[limit]} tokens before it answered probe {choosing.Probe.Id}. Use a model that "
                            + "reasons less, or set it so at the server.",
                        cut
                    );
                Volatile.Write(ref _limit, limit + 1);
            }
        }
    }

    private static char LetterOf(int place) => (char)('A' + place);

    private static int? Place(string letter, int count) =>
        char.ToUpperInvariant(letter[0]) - 'A' is var place && place < count ? place : null;

    // A, B), (C), **D**: a letter surrounded only by punctuation.
    [GeneratedRegex("^[^A-Za-z0-9]*(?<letter>[A-Za-z])[^A-Za-z0-9]*$")]
    private static partial Regex LetterToken();

    // A first letter that is not a word: alone, or followed by a bracket, a dot or a colon.
    [GeneratedRegex(@"^[^A-Za-z0-9]*(?<letter>[A-Za-z])(?:[).:\]*,-]|\s*$)")]
    private static partial Regex LetterFirst();

    [GeneratedRegex(
        @"\b(?:answer|option|letter|choice|choose|pick)\b(?: is| would be)?[^A-Za-z0-9]*\b(?<letter>[A-Za-z])\b(?!')",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex LetterAnnounced();
}
