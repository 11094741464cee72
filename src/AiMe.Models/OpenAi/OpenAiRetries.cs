using System.ClientModel.Primitives;

namespace AiMe.Models.OpenAi;

/// <summary>The package's retries, which honour Retry-After, with a bound to the wait: a server that says "in an hour" is told of and not waited for.</summary>
internal sealed class OpenAiRetries(int retries, TimeSpan longest, TimeProvider time) : ClientRetryPolicy(retries)
{
    protected override TimeSpan GetNextDelay(PipelineMessage message, int tryCount)
    {
        var delay = base.GetNextDelay(message, tryCount);
        return delay < longest ? delay : longest;
    }

    protected override Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken) => Task.Delay(delay, time, cancellationToken);
}
