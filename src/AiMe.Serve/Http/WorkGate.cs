using Microsoft.AspNetCore.Http;

namespace AiMe.Serve.Http;

/// <summary>Limits how many requests compute at once, and how many wait for their turn.</summary>
/// <param name="workers">Requests that compute at once.</param>
/// <param name="places">Requests that wait; further ones are turned away.</param>
internal sealed class WorkGate(int workers, int places) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(workers);
    private int _inside;

    /// <summary>Waits for a turn, which ends when the answer is disposed of.</summary>
    /// <exception cref="ApiException">Too many wait already.</exception>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _inside) > workers + places)
        {
            Interlocked.Decrement(ref _inside);
            throw new ApiException(
                StatusCodes.Status429TooManyRequests,
                $"The server is busy: {workers} requests compute and {places} wait. Try again later.",
                code: "rate_limit_exceeded"
            )
            {
                RetryAfter = 1,
            };
        }

        try
        {
            await _turns.WaitAsync(cancellationToken);
            return new WorkTurn(this);
        }
        catch
        {
            Interlocked.Decrement(ref _inside);
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _turns.Dispose();

    private sealed class WorkTurn(WorkGate gate) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) != 0)
                return;
            gate._turns.Release();
            Interlocked.Decrement(ref gate._inside);
        }
    }
}
