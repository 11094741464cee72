using System.Collections.Immutable;
using AiMe.Journal;
using Akka.Configuration;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiMe.Actors.Hosting;

/// <summary>The user's additions to an actor system.</summary>
/// <param name="Logging">Configures where Akka's log goes; null for no log.</param>
public sealed record ActorSystemSettings(Action<ILoggingBuilder>? Logging = null)
{
    private const int NamedAtMost = 5;

    private Config? _hocon;
    private ImmutableArray<(string Path, string Value)> _given = [];

    /// <summary>A copy with Akka settings that override AiMe's.</summary>
    /// <param name="hocon">
    /// HOCON; <c>${NAME}</c> is replaced by the environment variable of that name, which keeps secrets out of files.
    /// </param>
    /// <exception cref="FormatException">
    /// The text is not HOCON, a value is of the wrong kind, or a variable is not set. The message names the line or the
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
            builder.Logging.AddFilter(category, LogLevel.None); // they log a failed start, which is reported below
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
                    // Logged while a shard moves to another node; the supervisor resends its pending messages.
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
            host.Dispose(); // no StopAsync: Akka.Hosting would throw for a system that never started, and hide the cause
            throw new JournalException(Explain(e.GetBaseException().Message), e);
        }
    }

    private static bool IsSecret(string path) =>
        ((string[])["password", "passwd", "secret", "token", "key", "connection-string"]).Any(word =>
            path.Contains(word, StringComparison.OrdinalIgnoreCase)
        );

    // Akka's messages seldom name the setting, but often its value.
    private string Explain(string cause)
    {
        var message = $"The actor system could not be started: {cause}";
        if (_given.IsEmpty)
            return message;
        var named = _given.Where(g => g.Value.Length > 1 && cause.Contains(g.Value, StringComparison.Ordinal)).DefaultIfEmpty().ToArray();
        var shown = (named is [{ Path: null }] ? _given : [.. named])
            .Take(NamedAtMost)
            .Select(g => $"{g.Path} = {(IsSecret(g.Path) ? "***" : g.Value)}");
        return $"{message.TrimEnd()} The given settings are: {string.Join(", ", shown)}.";
    }
}
