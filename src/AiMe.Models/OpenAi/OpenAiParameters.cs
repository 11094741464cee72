using System.Collections.Immutable;

namespace AiMe.Models.OpenAi;

/// <summary>What came of a request.</summary>
/// <param name="Answer">Null if it failed.</param>
/// <param name="Error">The server's error; null if there is none, or the server was not reached.</param>
/// <param name="Failure">Null if the server answered, if only with an error in place of an answer.</param>
internal sealed record OpenAiOutcome<T>(T? Answer, OpenAiError? Error = null, Exception? Failure = null)
    where T : class;

/// <summary>
/// The optional parameters that a server takes. One that it refuses is recorded, left out or replaced from then on, and
/// the request is repeated at once.
/// </summary>
/// <param name="port">Records refusals; null for none.</param>
internal sealed class OpenAiParameters(OpenAiOptions options, IParameterRefusals? port)
{
    // Each parameter once, and the form and the alternatives twice.
    private const int MostRefusals = 13;

    // Searches for a parameter that the server does not name, without success: it refuses something else.
    private const int MostSearches = 2;

    // These change what is sampled, and are not left out on suspicion together with others.
    private static readonly ImmutableArray<string> Sampling =
    [
        RequestParameters.Temperature,
        RequestParameters.TopP,
        RequestParameters.Stop,
    ];

    private readonly SemaphoreSlim _gate = new(1, 1);
    private OpenAiDialect _dialect = OpenAiDialect.Of(options);
    private int _searches;

    public OpenAiDialect Dialect => Volatile.Read(ref _dialect);

    /// <summary>Makes a request, and repeats it without each parameter that is refused.</summary>
    public async Task<OpenAiOutcome<T>> AskAsync<T>(
        Func<OpenAiDialect, OpenAiBody> write,
        Func<OpenAiBody, Task<OpenAiOutcome<T>>> ask,
        CancellationToken cancellationToken
    )
        where T : class
    {
        for (var refused = 0; ; refused++)
        {
            var dialect = Dialect;
            var body = write(dialect);
            var outcome = await ask(body);
            if (outcome.Error is not { } error || refused == MostRefusals)
                return outcome;
            if (OpenAiRefusals.Of(error, body, dialect) is { } refusal)
                await LearnAsync(refusal, dialect, cancellationToken);
            else
                return OpenAiRefusals.MayBe(error, body) && Volatile.Read(ref _searches) < MostSearches
                    ? await SearchAsync(write, ask, outcome, dialect, cancellationToken)
                    : outcome;
        }
    }

    // One attempt without each optional parameter, and one without all that do not change what is sampled.
    private async Task<OpenAiOutcome<T>> SearchAsync<T>(
        Func<OpenAiDialect, OpenAiBody> write,
        Func<OpenAiBody, Task<OpenAiOutcome<T>>> ask,
        OpenAiOutcome<T> first,
        OpenAiDialect dialect,
        CancellationToken cancellationToken
    )
        where T : class
    {
        var body = write(dialect);
        ParameterRefusal[] guesses = [.. OpenAiRefusals.Guesses(first.Error!, body, dialect)];
        ParameterRefusal[] together = [.. guesses.Where(g => !Sampling.Contains(g.Parameter))];
        IEnumerable<ParameterRefusal[]> attempts = guesses.Select(g => (ParameterRefusal[])[g]);
        foreach (var left in together.Length > 1 ? attempts.Append(together) : attempts)
        {
            var tried = await ask(write(left.Aggregate(dialect, (d, refusal) => d.With(refusal))));
            if (tried is { Error: null, Failure: null })
            {
                foreach (var refusal in left)
                    await LearnAsync(refusal, dialect, cancellationToken);
                return tried;
            }

            if (tried.Error?.Status != first.Error!.Status)
                return first; // another failure: the search says nothing
        }

        Interlocked.Increment(ref _searches);
        return first;
    }

    // Requests under way at once meet the same refusal; the first records it.
    private async Task LearnAsync(ParameterRefusal refusal, OpenAiDialect known, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (Dialect.Instead(refusal.Parameter) != known.Instead(refusal.Parameter))
                return;
            if (port is not null)
                await port.RefusedAsync(refusal, cancellationToken);
            Volatile.Write(ref _dialect, Dialect.With(refusal));
        }
        finally
        {
            _gate.Release();
        }
    }
}
