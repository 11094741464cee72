namespace AiMe.Console.Output.Documents;

/// <summary>What <c>doctor --take-over</c> freed.</summary>
/// <param name="Processes">Dead processes whose names were freed.</param>
/// <param name="Names">Freed names.</param>
/// <param name="Alive">Processes that keep their names.</param>
internal sealed record ReleaseOutput(int Processes, int Names, int Alive) : OutputDocument;
