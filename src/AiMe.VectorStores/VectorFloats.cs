using AiMe.Faculties;

namespace AiMe.VectorStores;

/// <summary>An embedding's components as the floats that stores take: the same values.</summary>
public static class VectorFloats
{
    /// <summary>Shape (n), whole numbers in [-127, 127].</summary>
    public static float[] Of(Embedding vector)
    {
        var floats = new float[vector.Components.Length];
        for (var i = 0; i < floats.Length; i++)
            floats[i] = vector.Components[i];
        return floats;
    }

    /// <summary>The same for a store that refuses a vector of zeros: an embedding without a direction gets the first axis.</summary>
    /// <remarks>Its cosine to any other is NaN, so it has no wrong rank; left out, a search that covers all would miss it.</remarks>
    public static float[] Directed(Embedding vector)
    {
        var floats = Of(vector);
        if (floats.Length > 0 && Array.TrueForAll(floats, x => x == 0))
            floats[0] = 1;
        return floats;
    }
}
