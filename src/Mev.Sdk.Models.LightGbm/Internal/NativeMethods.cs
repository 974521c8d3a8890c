using System.Runtime.InteropServices;

namespace Mev.Sdk.Models.LightGbm.Internal;

/// <summary>LightGBM's C API, version 4.7: include/LightGBM/c_api.h. Every function returns 0, or -1 with <see cref="LGBM_GetLastError"/>.</summary>
internal static partial class NativeMethods
{
    public const string Library = "lib_lightgbm";

    // c_api.h: C_API_DTYPE_FLOAT32, C_API_PREDICT_NORMAL, C_API_FEATURE_IMPORTANCE_SPLIT.
    public const int TypeFloat32 = 0;
    public const int PredictNormal = 0;
    public const int ImportanceSplit = 0;

    [LibraryImport(Library)]
    public static partial nint LGBM_GetLastError();

    [LibraryImport(Library)]
    public static unsafe partial int LGBM_RegisterLogCallback(delegate* unmanaged[Cdecl]<byte*, void> callback);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int LGBM_DatasetCreateFromMat(
        float* data, int dataType, int rows, int columns, int isRowMajor, string parameters, nint reference, out DatasetHandle dataset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LGBM_DatasetSetFeatureNames(DatasetHandle dataset, string[] names, int count);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int LGBM_DatasetSetField(DatasetHandle dataset, string field, float* data, int count, int dataType);

    [LibraryImport(Library)]
    public static partial int LGBM_DatasetFree(nint dataset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LGBM_BoosterCreate(DatasetHandle train, string parameters, out BoosterHandle booster);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterAddValidData(BoosterHandle booster, DatasetHandle validation);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterUpdateOneIter(BoosterHandle booster, out int isFinished);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterGetEvalCounts(BoosterHandle booster, out int count);

    [LibraryImport(Library)]
    public static unsafe partial int LGBM_BoosterGetEval(BoosterHandle booster, int dataIndex, out int count, double* results);

    [LibraryImport(Library)]
    public static unsafe partial int LGBM_BoosterSaveModelToString(
        BoosterHandle booster, int startIteration, int iterations, int importanceType, long bufferLength, out long length, byte* text);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LGBM_BoosterLoadModelFromString(string text, out int iterations, out BoosterHandle booster);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterGetNumFeature(BoosterHandle booster, out int count);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int LGBM_BoosterPredictForMat(
        BoosterHandle booster, float* data, int dataType, int rows, int columns, int isRowMajor, int predictType, int startIteration, int iterations, string parameters, out long length, double* results);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LGBM_BoosterPredictForMatSingleRowFastInit(
        BoosterHandle booster, int predictType, int startIteration, int iterations, int dataType, int columns, string parameters, out FastConfigHandle config);

    [LibraryImport(Library)]
    public static unsafe partial int LGBM_BoosterPredictForMatSingleRowFast(FastConfigHandle config, float* data, out long length, double* result);

    [LibraryImport(Library)]
    public static partial int LGBM_FastConfigFree(nint config);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterFree(nint booster);
}
