using System.Globalization;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Dispatch;
using Akka.Event;

namespace AiMe.Akka;

/// <summary>Where Akka's own log goes. Standard output is for results.</summary>
internal sealed class LogSetup(TextWriter writer) : Setup
{
    public TextWriter Writer { get; } = writer;
}

/// <summary>Writes what Akka logs, a line each: time, level, who, what, and why.</summary>
internal sealed class TroubleLog : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    public TroubleLog()
    {
        var writer = Context.System.Settings.Setup.Get<LogSetup>().Value.Writer;
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(e => writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"akka {e.Timestamp:HH:mm:ss} {e.LogLevel().ToString()[..^5].ToLowerInvariant()} {e.LogSource}: {e.Message}{(e.Cause is { } cause ? $" ({cause.GetType().Name}: {cause.Message})" : "")}")));
    }
}
