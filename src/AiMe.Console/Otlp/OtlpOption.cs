using System.CommandLine;
using System.CommandLine.Invocation;

namespace AiMe.Console.Otlp;

/// <summary><c>--otlp</c>: where traces and metrics go, on commands that host instances.</summary>
internal static class OtlpOption
{
    private const string Name = "--otlp";

    /// <summary>Adds the option, and exports while the command runs if it or the standard variables ask for it.</summary>
    public static Command WithOtlp(this Command command)
    {
        var endpoint = new Option<Uri?>(Name)
        {
            Description =
                "Send traces and metrics to this OpenTelemetry collector (OTLP over HTTP), such as http://localhost:4318. Default: "
                + "$OTEL_EXPORTER_OTLP_ENDPOINT, else nothing is sent",
            HelpName = "endpoint",
            CustomParser = result =>
            {
                var text = result.Tokens is [var token] ? token.Value : "";
                if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
                    return address;
                result.AddError($"{Name}: found '{text}', expected the address of a collector, such as http://localhost:4318");
                return null;
            },
        };
        command.Add(endpoint);
        command.Action = new Exporting((AsynchronousCommandLineAction)command.Action!, endpoint);
        return command;
    }

    private sealed class Exporting(AsynchronousCommandLineAction command, Option<Uri?> endpoint) : AsynchronousCommandLineAction
    {
        public override async Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default)
        {
            var asked = OtlpSettings.Of(parseResult.GetValue(endpoint), Environment.GetEnvironmentVariable);
            using var export = asked is null ? null : OtlpExport.Begin(asked);
            return await command.InvokeAsync(parseResult, cancellationToken);
        }
    }
}
