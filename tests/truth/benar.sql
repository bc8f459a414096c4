-- The figures of the marts, computed from the truth of the generator alone.
-- {truth} is the folder with the Parquet files. Nothing here reads what the pipeline wrote.

-- What a correct reading keeps.
create view rt as
select * from read_parquet('{truth}/dtks_rt/*.parquet') where nasib = 'simpan';

create view art_sendiri as
select * from read_parquet('{truth}/dtks_art/*.parquet') where nasib = 'simpan';

-- A file without places takes those of its households (ruling 67).
create view art as
select
    a.* exclude (kode_kecamatan, kode_desa),
    case when a.punya_wilayah then a.kode_kecamatan else r.kode_kecamatan end as kode_kecamatan,
    case when a.punya_wilayah then a.kode_desa else r.kode_desa end as kode_desa,
    coalesce(a.no_kk, a.id_dtks || '-' || coalesce(a.nomor_urut_keluarga, 1)) as keluarga
from art_sendiri a
left join rt r on r.periode = a.periode and r.id_dtks = a.id_dtks;

create view daftar as
select *, row_number() over (order by kode_program, lembar, baris) as nomor
from read_parquet('{truth}/bantuan_sosial/*.parquet')
where nasib = 'simpan' and aktif;

create view disabilitas as
select *, row_number() over (order by lembar, baris) as nomor
from read_parquet('{truth}/disabilitas.parquet') where nasib = 'simpan';

create view usulan as
select *, row_number() over (order by lembar, baris) as nomor
from read_parquet('{truth}/usulan.parquet') where nasib = 'simpan';

create view periode as select distinct periode from rt;
create view terakhir as select max(periode) as periode, last_day(cast(max(periode) || '-01' as date)) as akhir from periode;

-- The person of a NIK in the latest periode: the smallest id where several carry it.
create view orang as
select a.*, r.desil, r.id_dtks is not null as punya_rt
from art a
left join rt r on r.periode = a.periode and r.id_dtks = a.id_dtks
where a.periode = (select periode from terakhir) and a.nik is not null
  and a.id_art = (select min(b.id_art) from art b where b.periode = a.periode and b.nik = a.nik);

-- Mart 1 ---------------------------------------------------------------------------------------------------------
create view program_nik as
select nik, list_sort(list(distinct kode_program)) as program from daftar where nik is not null group by nik;

create view kpm_dasar as
select
    d.*,
    o.id_art, o.id_dtks, o.desil,
    o.id_art is not null as ditemukan,
    coalesce(o.no_kk, d.no_kk) as kk,
    case when o.no_kk is not null then o.status_kk else d.status_kk end as kk_status,
    case when o.no_kk is not null then 'DTKS' when d.no_kk is not null then 'DAFTAR' end as sumber_no_kk,
    case when d.kode_desa is not null then d.kode_desa else o.kode_desa end as desa_kpm,
    case
        when d.kode_desa is not null then d.kode_kecamatan
        when o.kode_kecamatan is not null then o.kode_kecamatan
        else d.kode_kecamatan
    end as kecamatan_kpm,
    coalesce(o.penerima_kis, false) as kis,
    coalesce(p.program, [d.kode_program]) as program
from daftar d
left join orang o on o.nik = d.nik
left join program_nik p on p.nik = d.nik;

create view program_kk as
select kk, list(distinct kode_program) as program from kpm_dasar where kk is not null group by kk;

create view kis_kk as
select distinct no_kk as kk from art
where periode = (select periode from terakhir) and penerima_kis and no_kk is not null;

create view kpm as
with keluarga as (
    select
        k.*,
        case when k.kk is null then k.program else list_sort(list_distinct(list_concat(k.program, f.program))) end as program_keluarga,
        k.kis or q.kk is not null as kis_keluarga
    from kpm_dasar k
    left join program_kk f on f.kk = k.kk
    left join kis_kk q on q.kk = k.kk
)
select
    *,
    kode_program = 'PKH' and not list_contains(program_keluarga, 'SEMBAKO') as sembako_wajib,
    kode_program = 'PKH' and not kis_keluarga as kis_wajib,
    kode_program = 'KPE' and (list_contains(program_keluarga, 'PKH') or list_contains(program_keluarga, 'SEMBAKO')) as kpe_rangkap,
    kode_program = 'BST' and (list_contains(program_keluarga, 'PKH') or list_contains(program_keluarga, 'SEMBAKO')) as bst_rangkap,
    count(*) over (partition by kode_program, nik) > 1 and nik is not null as nik_ganda,
    case
        when not ditemukan then 'TIDAK DITEMUKAN DI DTKS'
        when desil <= 2 then 'DESIL 1-2'
        when desil <= 4 then 'DESIL 3-4'
        else 'DI LUAR DESIL 1-4'
    end as kelompok_desil
from keluarga;

create view beda_nama as
select nik from daftar
where nik is not null and regexp_replace(nama, '[^\p{L}]', '', 'g') <> ''
group by nik having count(distinct regexp_replace(nama, '[^\p{L}]', '', 'g')) > 1;

-- Mart 2 ---------------------------------------------------------------------------------------------------------
create view desa_art as
select
    periode, kode_desa,
    count(distinct keluarga) as keluarga, count(*) as individu,
    count(*) filter (where jenis_kelamin = 'LAKI-LAKI') as laki, count(*) filter (where jenis_kelamin = 'PEREMPUAN') as perempuan,
    count(distinct keluarga) filter (where penerima_kks) as kks, count(distinct keluarga) filter (where penerima_kis) as kis,
    count(distinct keluarga) filter (where penerima_kip) as kip, count(distinct keluarga) filter (where penerima_pkh) as pkh,
    count(distinct keluarga) filter (where penerima_bpnt) as bpnt
from art group by all;

create view desa_rt as
select
    periode, kode_desa, count(*) as rumah_tangga,
    count(*) filter (where desil = 1) as d1, count(*) filter (where desil = 2) as d2, count(*) filter (where desil = 3) as d3,
    count(*) filter (where desil = 4) as d4, count(*) filter (where desil > 4) as lain, count(*) filter (where desil is null) as tanpa
from rt group by all;

-- Mart 3 ---------------------------------------------------------------------------------------------------------
create view perubahan as
with pasangan as (
    select a.periode as awal, b.periode as akhir,
        not exists (select 1 from periode c where c.periode > a.periode and c.periode < b.periode) as berurutan
    from periode a join periode b on a.periode < b.periode
),
semua as (
    select p.awal, p.akhir, p.berurutan, r.id_dtks
    from pasangan p join rt r on r.periode in (p.awal, p.akhir)
    group by all
)
select
    s.awal, s.akhir, s.berurutan, s.id_dtks,
    case
        when b.id_dtks is null then 'GRADUASI'
        when a.id_dtks is null then 'BARU_MASUK'
        when a.desil is null or b.desil is null then 'TANPA_DESIL'
        when b.desil > a.desil then 'NAIK'
        when b.desil < a.desil then 'TURUN'
        else 'STAGNAN'
    end as status,
    coalesce(b.kode_desa, case when b.id_dtks is null then a.kode_desa end) as kode_desa
from semua s
left join rt a on a.periode = s.awal and a.id_dtks = s.id_dtks
left join rt b on b.periode = s.akhir and b.id_dtks = s.id_dtks;

-- Mart 4 ---------------------------------------------------------------------------------------------------------
create view usulan_cocok as
with p as (select max(periode) as periode from usulan)
select
    u.nomor, u.diusulkan,
    coalesce(u.id_art, u.nik, 'baris ' || u.nomor) as kunci,
    coalesce(i.id_art, n.id_art) as id_art
from usulan u
left join art i on i.periode = u.periode and i.id_art = u.id_art
left join (select periode, nik, min(id_art) as id_art from art where nik is not null group by all) n
    on n.periode = u.periode and n.nik = u.nik;

create view usulan_status as
with aktif as (select * from usulan_cocok where diusulkan),
cocok as (select distinct id_art from aktif where id_art is not null)
select 'DITETAPKAN' as status, count(*) as banyak from cocok
union all
select 'TANPA_USULAN', count(*) from art a
where a.periode = (select max(periode) from usulan) and a.id_art not in (select id_art from cocok)
union all
select 'TIDAK_DITETAPKAN', count(distinct kunci) from aktif where id_art is null;

-- Mart 6: the head of a household (ruling 5) --------------------------------------------------------------------------
create view kepala as
with urut as (
    select *, row_number() over (partition by periode, id_dtks order by nomor_urut_keluarga nulls last, id_art) as ke
    from art where kode_hubungan_krt = 1
)
select * from urut where ke = 1;

create view rumah as
select
    r.periode, r.id_dtks, r.kode_desa, r.percentile, r.desil,
    h.nik as nik_krt, h.no_kk as no_kk_krt, case when h.id_art is null then r.nama_krt else h.nama end as nama_krt,
    count(distinct a.keluarga) as keluarga, count(a.id_art) as individu, count(*) filter (where a.kode_cacat > 0) as cacat,
    count(*) filter (where date_sub('year', a.tanggal_lahir, last_day(cast(r.periode || '-01' as date))) >= 60) as lansia,
    count(*) filter (where date_sub('year', a.tanggal_lahir, last_day(cast(r.periode || '-01' as date))) < 5) as balita,
    coalesce(bool_or(a.penerima_kks), false) as kks, coalesce(bool_or(a.penerima_kis), false) as kis,
    coalesce(bool_or(a.penerima_kip), false) as kip, coalesce(bool_or(a.penerima_pkh), false) as pkh,
    coalesce(bool_or(a.penerima_bpnt), false) as bpnt
from rt r
left join kepala h on h.periode = r.periode and h.id_dtks = r.id_dtks
left join art a on a.periode = r.periode and a.id_dtks = r.id_dtks
group by r.periode, r.id_dtks, r.kode_desa, r.percentile, r.desil, h.nik, h.no_kk, h.id_art, h.nama, r.nama_krt;

-- Mart 7 ---------------------------------------------------------------------------------------------------------
create view segmen as
with urut as (select periode, row_number() over (order by periode desc) as ke, count(*) over () as semua from periode),
hidup as (
    select r.id_dtks, min(r.periode) as pertama, max(r.periode) as terakhir, count(*) as kali, min(u.ke) as ke, any_value(u.semua) as semua
    from rt r join urut u using (periode) group by r.id_dtks
),
nilai as (
    select *,
        case when ke = 1 then 1 when ke <= 3 then 2 else 3 end as recency,
        case when kali >= 0.8 * semua then 1 when kali >= 0.4 * semua then 2 else 3 end as frequency
    from hidup
)
select *, substr('ABCDEFGHI', 3 * (recency - 1) + frequency, 1) as segmen from nilai;

-- Mart 8 ---------------------------------------------------------------------------------------------------------
create view difabel as
with nik_lahir as (
    select d.*, o.tanggal_lahir as lahir_dtks, o.desil, o.id_art, t.akhir,
        case when d.status_nik = 'VALID' then cast(substr(d.nik, 7, 2) as integer) end as hari,
        substr(d.nik, 9, 2) as bulan, cast(substr(d.nik, 11, 2) as integer) as tahun
    from disabilitas d cross join terakhir t left join orang o on o.nik = d.nik
),
tanggal as (
    select *,
        try_cast(format('{}-{}-{:02d}', 2000 + tahun, bulan, case when hari > 40 then hari - 40 else hari end) as date) as baru,
        try_cast(format('{}-{}-{:02d}', 1900 + tahun, bulan, case when hari > 40 then hari - 40 else hari end) as date) as lama
    from nik_lahir
),
umur as (
    select *, date_sub('year', coalesce(tanggal_lahir, lahir_dtks, case when baru <= akhir then baru else lama end), akhir) as umur from tanggal
)
select *,
    case
        when umur <= 5 then '0-5' when umur <= 12 then '6-12' when umur <= 17 then '13-17' when umur <= 25 then '18-25'
        when umur <= 45 then '26-45' when umur <= 59 then '46-59' when umur >= 60 then '60+'
    end as kelompok_usia
from umur;
