using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using AiMe.Actors.Persistence;
using AiMe.Journal;
using AiMe.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Address = AiMe.Kernel.Address;
using HostOptions = AiMe.Kernel.HostOptions;

namespace AiMe.Actors.Hosting;

/// <summary>Hosts runs in this process: each in an actor system of its own, without remoting.</summary>
/// <param name="journal">The events.</param>
/// <param name="snapshots">The snapshots; null for none.</param>
public sealed class ActorHosting(IJournal journal, ISnapshots? snapshots, TimeProvider time) : IHosting
{
    /// <summary>The name of the actor system, which the addresses of a cluster share.</summary>
    public const string System = "aime";

    /// <inheritdoc />
    public bool ClaimsByItself => false;

    /// <summary>What a person adds to the actor system.</summary>
    public ActorSystemSettings Settings { get; init; } = new();

    /// <summary>The store to which Akka.Persistence.Sql writes; null for AiMe's own plugin.</summary>
    public StoreAddress? AkkaSqlStore { get; init; }

    /// <inheritdoc />
    public async Task<IRuntime> OpenAsync(HostOptions options, IEffects effects, IRuntimeObserver observer)
    {
        var instances = new InstanceHost(options, journal, snapshots, effects, observer, time) { JournalPluginId = AkkaSqlStore is null ? JournalPlugin.Id : AkkaSql.Id };
        var host = await Settings.StartAsync(akka =>
        {
            InstanceHosting.WithInstances(akka, instances);
            if (AkkaSqlStore is { } store)
                akka.WithAkkaSql(store);
        });
        return new HostedInstances(host, instances);
    }
}

/// <summary>What a person adds to an actor system of AiMe's.</summary>
/// <param name="Logging">Where Akka's log goes; null for nowhere.</param>
public sealed partial record ActorSystemSettings(Action<ILoggingBuilder>? Logging = null)
{
    private Config? _hocon;

    /// <summary>The same, with settings of Akka's own laid over AiMe's. <c>${NAME}</c> is the environment's variable of that name: secrets stand there, and not in a file.</summary>
    /// <exception cref="FormatException">They are not HOCON, or a variable is not set.</exception>
    public ActorSystemSettings With(string hocon)
    {
        // HOCON falls back to the environment; Akka.NET's parser does not, so what is used of the environment is defined in front.
        var variables = Substitution().Matches(hocon).Select(m => m.Groups[1].Value).Distinct(StringComparer.Ordinal)
            .Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name))).Where(v => v.Value is not null)
            .Select(v => $"{v.Name} = {System.Text.Json.JsonSerializer.Serialize(v.Value)}\n");
        try
        {
            return this with { _hocon = ConfigurationFactory.ParseString(string.Concat(variables) + hocon) };
        }
        catch (Exception e) when (e is not OutOfMemoryException) // Akka's parser throws whatever it comes across
        {
            throw new FormatException($"it is not HOCON: {e.Message}", e);
        }
    }

    /// <summary>Starts an actor system.</summary>
    /// <exception cref="JournalException">It cannot be started: a setting is wrong, or a port is taken.</exception>
    internal async Task<IHost> StartAsync(Action<AkkaConfigurationBuilder> configure, Action<IServiceCollection>? services = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        Logging?.Invoke(builder.Logging);
        services?.Invoke(builder.Services);
        builder.Services.AddAkka(ActorHosting.System, akka =>
        {
            if (Logging is not null)
            {
                akka.ConfigureLoggers(log =>
                {
                    log.ClearLoggers();
                    log.AddLoggerFactory();
                    log.LogLevel = Akka.Event.LogLevel.WarningLevel;
                    // Of a shard on its way to another node; the supervisor tells again what it still owes.
                    log.LogFilterBuilder = new Akka.Event.LogFilterBuilder().ExcludeMessageContaining("buffered messages to shard");
                });
            }

            configure(akka);
            if (_hocon is not null)
                akka.AddHocon(_hocon, HoconAddMode.Prepend);
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync();
            return host;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            host.Dispose(); // not stopped: Akka.Hosting would fail on the system that never started, and hide why
            throw new JournalException($"The actor system could not be started: {Innermost(e).Message}", e);
        }
    }

    [GeneratedRegex(@"\$\{\??([A-Za-z_][A-Za-z0-9_]*)\}")]
    private static partial Regex Substitution();

    private static Exception Innermost(Exception e) => e is AggregateException or Akka.Actor.ActorInitializationException or System.Reflection.TargetInvocationException && e.InnerException is { } inner ? Innermost(inner) : e;
}

/// <summary>The instances of a run, with an actor system of their own that ends with them.</summary>
internal sealed class HostedInstances(IHost host, InstanceHost instances) : IRuntime
{
    private bool _closed;

    /// <summary>For tests of its settings.</summary>
    internal ActorSystem System { get; } = host.Services.GetRequiredService<ActorSystem>();

    /// <summary>Instances in memory.</summary>
    internal int Resident => instances.Lifecycle.Resident;

    public Task Failure => instances.Failure;

    public bool IsIdle => instances.IsIdle;

    public IRates Rates => instances.Rates;

    public ValueTask TellAsync(Address to, Command command) => instances.TellAsync(to, command);

    public Task CalmAsync(CancellationToken now) => instances.CalmAsync(now);

    public async Task StopAsync(CancellationToken now)
    {
        if (_closed)
            return;
        await instances.StopAsync(now);
        _closed = true;
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
    }

    public ValueTask DisposeAsync() => new(StopAsync(new CancellationToken(canceled: true)));
}
