namespace AiMe.Lab.Analysis.Recognition;

/// <summary>Whose texts an instance's own are to be told from.</summary>
public enum RecognitionReference
{
    /// <summary>The next instance of its variant, at the same generation.</summary>
    Sibling,

    /// <summary>Generation 0.</summary>
    Ancestor,

    /// <summary>Held-out text of the corpus; the reference model is that of generation 0.</summary>
    Corpus,
}
