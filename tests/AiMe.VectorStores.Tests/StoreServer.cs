using AiMe.VectorStores.Tests.Stubs;

namespace AiMe.VectorStores.Tests;

/// <summary>What is wrong with a server.</summary>
public enum Fault
{
    None,

    /// <summary>It says nothing.</summary>
    Silent,

    /// <summary>Too many requests.</summary>
    Busy,

    /// <summary>An error of its own.</summary>
    Broken,

    /// <summary>It is starting or stopping.</summary>
    Unavailable,

    /// <summary>It cuts the connection before it does anything.</summary>
    Gone,

    /// <summary>It does what is asked, and cuts the connection before it answers.</summary>
    Dying,

    /// <summary>It does not accept what is asked.</summary>
    Refusing,

    /// <summary>It does not know the key.</summary>
    Locked,
}

/// <summary>A server that keeps memories, as the conformance tests need it.</summary>
public abstract class StoreServer : IAsyncDisposable
{
    /// <summary>What is wrong with it; a server that cannot be told so is not asked (<see cref="CanFail"/>).</summary>
    public virtual Fault Fault { get; set; }

    /// <summary>Whether <see cref="Fault"/> has an effect.</summary>
    public virtual bool CanFail => true;

    /// <summary>Its connections; null if it does not count them.</summary>
    internal virtual OpenConnections? Connections => null;

    /// <summary>The key that it asks for; no message may show it.</summary>
    public const string Key = "secret-0123456789";

    /// <summary>A store in this server.</summary>
    /// <param name="port">Of the loopback interface; null for the server's own. Another has something else behind it, or nothing.</param>
    /// <param name="place">Names the collection.</param>
    public abstract IVectorStore Connect(string place, TimeSpan timeout, int? port = null);

    public abstract ValueTask DisposeAsync();
}
