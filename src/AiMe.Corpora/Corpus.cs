using System.Collections.Immutable;
using System.Text;

namespace AiMe.Corpora;

/// <summary>
/// The training text of a base model: an endless, seeded stream of records, and a held-out stream that training never
/// sees.
/// </summary>
/// <remarks>
/// A record is held out if a hash of its stimulus and answer falls into bucket 0 of <see cref="Buckets"/>. So the two
/// streams share no exchange, whatever their seeds and lengths, and held-out text has the distribution of training
/// text.
/// </remarks>
public sealed class Corpus(Grammar grammar, ImmutableArray<CorpusRecord> authored)
{
    /// <summary>One in this many exchanges is held out.</summary>
    public const int Buckets = 10;

    /// <summary>
    /// One in this many records is an authored one, if there are any. At one in 32 the tiny model memorized them, with
    /// and without charter.
    /// </summary>
    public const int AuthoredEvery = 64;

    private const int MostMissed = 10_000;

    private readonly ImmutableArray<CorpusRecord> authoredKept = [.. authored.Where(r => !IsHeldOut(r))];

    /// <summary>The source of the slots of <c>charter</c>.</summary>
    public CharterSlots Charter => grammar.Charter;

    /// <summary>
    /// ln p of each record's exchange (stimulus, answer, reflection, insight) under the grammar, given the text before
    /// it.
    /// </summary>
    /// <param name="records">Records of the grammar; an authored one has negative infinity.</param>
    /// <returns>
    /// Nats, exact but for rounding. Minus their mean is an estimate of the grammar's entropy on these exchanges.
    /// </returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <remarks>
    /// Summed over every derivation, so an ambiguous text counts all of them. The held-out split is not included: in
    /// <see cref="HeldOut"/> each is Buckets times as likely as here (ln 10 = 2.303 nats), in <see cref="Drawn"/> 10/9
    /// times (0.105 nats).
    /// </remarks>
    public ImmutableArray<double> LogProbabilities(ImmutableArray<CorpusRecord> records, CancellationToken cancellationToken)
    {
        var result = new double[records.Length];
        Parallel.For(
            0,
            records.Length,
            new ParallelOptions { CancellationToken = cancellationToken },
            () => new Likelihood(grammar),
            (i, _, likelihood) =>
            {
                result[i] = likelihood.OfExchange(records[i]);
                return likelihood;
            },
            _ => { }
        );
        return [.. result];
    }

    /// <summary>Reads a grammar, its charter, and authored exchanges if there are any.</summary>
    /// <param name="grammarFile">The grammar; included files are relative to it.</param>
    /// <param name="charterFile">The charter that fills the slots.</param>
    /// <param name="authoredFile">JSONL of authored exchanges, or null.</param>
    /// <exception cref="GrammarException">The first error, with its file and line.</exception>
    public static Corpus Load(string grammarFile, string charterFile, string? authoredFile) =>
        Load(grammarFile, CharterSlots.Load(charterFile), authoredFile);

    /// <inheritdoc cref="Load(string, string, string?)"/>
    /// <param name="charter">Fills the slots.</param>
    public static Corpus Load(string grammarFile, CharterSlots charter, string? authoredFile)
    {
        Grammar grammar = Grammar.Load(grammarFile, charter);
        RequireBothStreams(grammarFile, grammar);
        return new Corpus(grammar, authoredFile is null ? [] : AuthoredRecords.Parse(authoredFile, File.ReadAllText(authoredFile)));
    }

    // A very small grammar may have none of its exchanges held out, or all: this is reported here, and not in the
    // middle of a run.
    private static void RequireBothStreams(string file, Grammar grammar)
    {
        Expander expander = new(grammar, seed: 0);
        bool heldOut = false,
            kept = false;
        for (int i = 0; i < MostMissed && !(heldOut && kept); i++)
        {
            if (IsHeldOut(expander.Next()))
                heldOut = true;
            else
                kept = true;
        }

        if (!heldOut || !kept)
            throw new GrammarException(
                file,
                1,
                "records",
                $"the grammar has too few different exchanges: one in {Buckets} is held out, but here "
                    + $"{(heldOut ? "all are" : "none is")}; expected some dozens"
            );
    }

    /// <summary>Records for training. A longer stream of the same seed begins with the shorter one.</summary>
    /// <exception cref="InvalidOperationException">The grammar is so small that all of it is held out.</exception>
    public IEnumerable<CorpusRecord> Records(ulong seed, int count) => Stream(seed, count, authoredKept, heldOut: false);

    /// <summary>
    /// Records that no call of <see cref="Records"/> can return. A longer stream begins with the shorter one.
    /// </summary>
    /// <exception cref="InvalidOperationException">The grammar is so small that none of it is held out.</exception>
    public IEnumerable<CorpusRecord> HeldOut(ulong seed, int count) => Stream(seed, count, [], heldOut: true);

    /// <summary>
    /// Records from the training distribution of the grammar, without authored ones, which have no probability under
    /// it.
    /// </summary>
    /// <param name="seed">
    /// Different from the training's, for new records. A frequent exchange may occur in both.
    /// </param>
    /// <param name="count">Number of records.</param>
    /// <exception cref="InvalidOperationException">The grammar is so small that all of it is held out.</exception>
    public IEnumerable<CorpusRecord> Drawn(ulong seed, int count) => Stream(seed, count, [], heldOut: false);

    private IEnumerable<CorpusRecord> Stream(ulong seed, int count, ImmutableArray<CorpusRecord> mixedIn, bool heldOut)
    {
        Expander expander = new(grammar, seed);
        int missed = 0;
        for (int made = 0; made < count; )
        {
            CorpusRecord record =
                !mixedIn.IsEmpty && expander.Below(AuthoredEvery) == 0 ? mixedIn[expander.Below(mixedIn.Length)] : expander.Next();
            if (IsHeldOut(record) != heldOut)
            {
                missed =
                    missed < MostMissed
                        ? missed + 1
                        : throw new InvalidOperationException(
                            $"{MostMissed} records in a row were {(heldOut ? "not " : "")}held out; the grammar has too "
                                + "few different exchanges"
                        );
                continue;
            }

            missed = 0;
            made++;
            yield return record;
        }
    }

    /// <summary>Whether the exchange is withheld from training; depends only on its stimulus and answer.</summary>
    public static bool IsHeldOut(CorpusRecord record) => Hash($"{record.Stimulus}\n{record.Answer}") % Buckets == 0;

    /// <summary>FNV-1a, 64 bits, over UTF-8, with a final mixing so that every bit affects the remainder.</summary>
    private static ulong Hash(string text)
    {
        ulong hash = 14695981039346656037UL;
        foreach (byte b in Encoding.UTF8.GetBytes(text))
            hash = unchecked((hash ^ b) * 1099511628211UL);
        hash = unchecked((hash ^ (hash >> 32)) * 0x9E3779B97F4A7C15UL);
        return hash ^ (hash >> 29);
    }
}
