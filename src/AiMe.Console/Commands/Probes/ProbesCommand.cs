using System.CommandLine;

namespace AiMe.Console.Commands.Probes;

/// <summary><c>aime probes</c>: batteries of identity probes.</summary>
internal static class ProbesCommand
{
    public static Command Create() => new("probes", "Make batteries of identity probes") { ProbesImportCommand.Create() };
}
