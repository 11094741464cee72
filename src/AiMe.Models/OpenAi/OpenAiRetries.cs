using System.ClientModel.Primitives;

namespace AiMe.Models.OpenAi;

/// <summary>
/// The package's retries, which honour Retry-After, with an upper bound of the pause: a longer one is reported as a
/// failure.
/// </summary>
/// <param name="onlyTurnedAway">
/// Whether a request is sent again only if the server certainly did nothing with it (429).
/// </param>
internal sealed class OpenAiRetries(int retries, TimeSpan longest, TimeProvider time, bool onlyTurnedAway = false)
    : ClientRetryPolicy(retries)
{
    private const double First = 0.8; // seconds, as the package's own

    /// <summary>The pause before an attempt that this policy does not make itself.</summary>
    /// <param name="attempt">From 1.</param>
    public static TimeSpan Pause(int attempt, TimeSpan longest) =>
        TimeSpan.FromSeconds(First * Math.Pow(2, attempt - 1)) is var pause && pause < longest ? pause : longest;

    protected override bool ShouldRetry(PipelineMessage message, Exception? exception) =>
        onlyTurnedAway
            ? exception is null && message.Response?.Status == 429 && base.ShouldRetry(message, exception)
            : IsBusy(message, exception) || base.ShouldRetry(message, exception);

    protected override async ValueTask<bool> ShouldRetryAsync(PipelineMessage message, Exception? exception) =>
        onlyTurnedAway ? ShouldRetry(message, exception) : IsBusy(message, exception) || await base.ShouldRetryAsync(message, exception);

    // Some servers report that they are busy with a status of success.
    private static bool IsBusy(PipelineMessage message, Exception? exception) =>
        exception is null
        && message is { BufferResponse: true, Response.Status: 200 }
        && OpenAiError.In(message.Response.Content.ToMemory()) is { IsTransient: true };

    protected override TimeSpan GetNextDelay(PipelineMessage message, int tryCount)
    {
        var delay = base.GetNextDelay(message, tryCount);
        return delay < longest ? delay : longest;
    }

    protected override Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken) => Task.Delay(delay, time, cancellationToken);
}
