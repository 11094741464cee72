namespace AiMe.Console.Output.Documents;

/// <summary>The result of a request for another model of an instance.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Wished">The requested model.</param>
/// <param name="Model">The current model.</param>
/// <param name="Before">The model before the request.</param>
/// <param name="Changed">Whether the model has changed.</param>
/// <param name="Waiting">Whether the request waits in the inbox of the run.</param>
internal sealed record AppointmentOutput(
    string Run,
    string Instance,
    string Wished,
    string Model,
    string Before,
    bool Changed,
    bool Waiting
) : OutputDocument;
