using System.Collections.Immutable;
using AiMe.Journal;
using Akka.Configuration;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiMe.Actors.Hosting;

/// <summary>What a person adds to an actor system of AiMe's.</summary>
/// <param name="Logging">Where Akka's log goes; null for nowhere.</param>
public sealed record ActorSystemSettings(Action<ILoggingBuilder>? Logging = null)
{
    private const int NamedAtMost = 5;

    private Config? _hocon;
    private ImmutableArray<(string Path, string Value)> _given = [];

    /// <summary>
    /// The same, with settings of Akka's own laid over AiMe's. <c>${NAME}</c> is the environment's variable of that
    /// name: secrets stand there, and not in a file.
    /// </summary>
    /// <exception cref="FormatException">
    /// They are not HOCON, one has a value of a wrong kind, or a variable is not set. The message names the line or the
    /// setting.
    /// </exception>
    public ActorSystemSettings With(string hocon)
    {
        var read = HoconReader.Read(hocon, out var given);
        return this with { _hocon = read, _given = given };
    }

    /// <summary>Starts an actor system.</summary>
    /// <exception cref="JournalException">It cannot be started: a setting is wrong, or a port is taken.</exception>
    internal async Task<IHost> StartAsync(Action<AkkaConfigurationBuilder> configure, Action<IServiceCollection>? services = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        Logging?.Invoke(builder.Logging);
        foreach (var category in (string[])["Akka.Hosting.AkkaHostedService", "Microsoft.Extensions.Hosting.Internal.Host"])
            builder.Logging.AddFilter(category, LogLevel.None); // of a start that failed: told below
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
            throw new JournalException(Explain(e.GetBaseException().Message), e);
        }
    }

    private static bool IsSecret(string path) =>
        ((string[])["password", "passwd", "secret", "token", "key", "connection-string"]).Any(word =>
            path.Contains(word, StringComparison.OrdinalIgnoreCase)
        );

    // Akka seldom names the setting, but often its value.
    private string Explain(string cause)
    {
        var said = $"The actor system could not be started: {cause}";
        if (_given.IsEmpty)
            return said;
        var named = _given.Where(g => g.Value.Length > 1 && cause.Contains(g.Value, StringComparison.Ordinal)).DefaultIfEmpty().ToArray();
        var shown = (named is [{ Path: null }] ? _given : [.. named])
            .Take(NamedAtMost)
            .Select(g => $"{g.Path} = {(IsSecret(g.Path) ? "***" : g.Value)}");
        return $"{said.TrimEnd()} The given settings say: {string.Join(", ", shown)}.";
    }
}
