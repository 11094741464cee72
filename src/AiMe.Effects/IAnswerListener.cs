namespace AiMe.Effects;

/// <summary>Hears an answer while it is being given. What it hears is not yet durable, and may come to nothing.</summary>
public interface IAnswerListener
{
    /// <summary>An attempt to answer begins: what was heard of an earlier one is void.</summary>
    void Begins(int cycle, int attempt);

    /// <summary>A piece of the answer.</summary>
    void Hears(string piece);
}
