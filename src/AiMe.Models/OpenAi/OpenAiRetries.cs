using System.ClientModel.Primitives;
using System.Globalization;

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

    /// <summary>
    /// The pause before an attempt that this policy does not make itself, because the response had the status of success.
    /// </summary>
    /// <param name="attempt">From 1.</param>
    public static TimeSpan Pause(PipelineResponse response, int attempt, TimeSpan longest)
    {
        var seconds =
            response.Headers.TryGetValue("Retry-After", out var after)
            && double.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted)
                ? wanted
                : First * (1L << (attempt - 1));
        return seconds < longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : longest;
    }

    protected override bool ShouldRetry(PipelineMessage message, Exception? exception) =>
        onlyTurnedAway
            ? exception is null && message.Response?.Status == 429 && base.ShouldRetry(message, exception)
            : base.ShouldRetry(message, exception);

    protected override ValueTask<bool> ShouldRetryAsync(PipelineMessage message, Exception? exception) =>
        onlyTurnedAway ? new(ShouldRetry(message, exception)) : base.ShouldRetryAsync(message, exception);

    protected override TimeSpan GetNextDelay(PipelineMessage message, int tryCount)
    {
        var delay = base.GetNextDelay(message, tryCount);
        return delay < longest ? delay : longest;
    }

    protected override Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken) => Task.Delay(delay, time, cancellationToken);
}
