using System.CommandLine;

namespace AiMe.Console.Commands.Identities;

/// <summary><c>aime identity</c>: from a persona to a charter, and from a charter to exchanges.</summary>
internal static class IdentityCommand
{
    public static Command Create() =>
        new("identity", "Make the exchanges that an identity is trained on, and charters of persona files")
        {
            IdentityDraftCommand.Create(),
            IdentityImportCommand.Create(),
        };
}
