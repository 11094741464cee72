using Microsoft.AspNetCore.Connections;

namespace AiMe.VectorStores.Tests.Stubs;

/// <summary>Counts the connections of a stub.</summary>
internal sealed class OpenConnections
{
    private int _all,
        _open;

    /// <summary>Connections that were ever made.</summary>
    public int All => Volatile.Read(ref _all);

    /// <summary>Connections that nobody has closed yet.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Counts a connection while it lasts.</summary>
    public ConnectionDelegate Before(ConnectionDelegate next) =>
        async connection =>
        {
            Interlocked.Increment(ref _all);
            Interlocked.Increment(ref _open);
            try
            {
                await next(connection);
            }
            finally
            {
                Interlocked.Decrement(ref _open);
            }
        };
}
