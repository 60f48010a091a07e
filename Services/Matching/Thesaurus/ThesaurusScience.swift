/// Analysis, life science and medicine: things, techniques, and what they are used for.
extension ThesaurusTable {
    static let analysis = """
        molecular-imaging|분자영상;분자 영상;분자 이미징;분자적 변화;분자 변화|molecular imaging||\
        imaging=0.4,endoscope=0.4,chiral=0.3,sims=0.4|C:244-260
        tissue|조직 수준;생체 조직;조직 영상|tissue||sims=0.4,molecular-imaging=0.3|C:245
        inside-body|개체 내;개체내;생체 내;체내|in vivo||endoscope=0.4,live-cell-imaging=0.3|C:244
        signal-quality|신호 왜곡;영상 왜곡;왜곡;신호 잡음;노이즈 제거|signal distortion;image distortion;denoising||\
        signal-analysis=0.4,imaging=0.3|C:245-246
        signal-analysis|신호분석;신호 처리;신호처리|signal analysis;signal processing|DSP|sensor=0.3|C:260
        optical|광학;옵티컬|optical;optics||endoscope=0.3,laser=0.3,imaging=0.3|C:260
        laser|레이저|laser||optical=0.3|know
        sensitivity|고민감도;고감도;초고감도;극미량;미량 분석|high sensitivity;trace analysis||detector=0.4,mass-spectrometry=0.3|C:260
        resolution|고분해능;분해능;고해상도|high resolution;resolution||super-resolution=0.3,tem=0.3|C:251-257
        structure-analysis|구조분석;구조 분석;내부구조;내부 구조;입체구조;3차원 구조|structural analysis;3D structure||\
        tem=0.4,super-resolution=0.4,electron-microscope=0.4,nmr=0.3,xrd=0.3|C:249,274
        xrd|엑스선 회절;X선 회절|X-ray diffraction|XRD||know
        synchrotron|방사광 가속기;방사광가속기;입자가속기|synchrotron;particle accelerator||structure-analysis=0.4|know
        stereochemistry|입체화학|stereochemistry||chiral=0.5|C:251
        molecule-samples|분자 시료;분자로 이루어진 시료;생체 분자|molecular samples;biomolecule||chiral=0.4,mass-spectrometry=0.3|C:246
        volatile|휘발성 유기화합물;휘발성 성분;휘발성|volatile organic compound|VOC|gas-chromatography=0.5,odour=0.4,air-quality=0.3|\
        C:266
        pesticide|잔류농약;농약|pesticide residue;pesticide||\
        gas-chromatography=0.4,liquid-chromatography=0.4,food-analysis=0.4|C:266-268
        dioxin|다이옥신;환경호르몬;환경 호르몬|dioxin;endocrine disruptor||gas-chromatography=0.4,liquid-chromatography=0.4|C:266-268
        food-analysis|식품성분;식품 분석;식품첨가물;첨가물;식품 안전;식품안전|food analysis;food safety;food additive||\
        liquid-chromatography=0.4,gas-chromatography=0.4,toxin=0.4|C:239,266-268
        cosmetics|화장품|cosmetics||toxin=0.3,natural-product=0.3|C:239
        natural-product|천연물|natural product||toxin=0.3|C:313
        environment-analysis|환경 분석;환경오염;오염물질|environmental analysis;pollutant||\
        gas-chromatography=0.3,liquid-chromatography=0.3,environment-monitoring=0.4|C:266
        environment-monitoring|환경 모니터링;환경감시;오염 감시|environmental monitoring||sensor=0.4,monitoring=0.3|know
        standardisation|표준화;국제표준;국제표준화|standardisation;standardization||certification=0.4|C:322
        certification|인증;시험인증;시험평가;시험·평가|certification;test and evaluation||\
        standardisation=0.3,reliability=0.4,demonstration=0.3|P:683-685
        reliability|신뢰성;신뢰성 시험;내구성|reliability;durability||certification=0.4,failure-prediction=0.3|P:683,963
        localisation|국산화;외산의존도;외산 의존;해외 의존;수입 의존;수입대체;대외 의존|localisation;import substitution||\
        research-equipment=0.3,materials-parts=0.3|P:944-960
        materials-parts|소재부품장비;소부장;소재·부품·장비|materials, parts and equipment||semiconductor=0.3,localisation=0.3|P:561
        equipment-operation|장비 운영;장비운영;전문인력 양성;장비 공동활용;공동활용|equipment operation;shared use of equipment||\
        research-equipment=0.4,training=0.3|C:322
        contract-research|주문연구;시험·분석 대행;분석 대행;아웃소싱|contract research;outsourcing|CRO|preclinical=0.4|C:326-332
        nondestructive|비파괴;비파괴 검사;비파괴검사|non-destructive testing|NDT|ultrasound=0.4,terahertz=0.4,inspection=0.4|know
        ultrasound|초음파|ultrasound;ultrasonic||nondestructive=0.3|know
        terahertz|테라헤르츠|terahertz|THz|nondestructive=0.3|know
        inspection|검사장비;외관검사;결함 검출;결함검출;불량 검출;품질검사;품질 검사|inspection;defect detection||\
        machine-vision=0.5,nondestructive=0.4|know
        machine-vision|머신비전;머신 비전;영상인식;컴퓨터 비전;비전 검사|machine vision;computer vision||\
        inspection=0.5,artificial-intelligence=0.3|know
        raman|라만 분광;라만|Raman||spectroscopy=0.5|know
        spectroscopy|분광;분광법;분광기|spectroscopy;spectrometer||raman=0.4,optical=0.3|know
        """

    static let life = """
        gene|유전자;유전정보;유전체 정보;DNA|gene;genome;genetic||sequencer=0.4,omics=0.4,gene-editing=0.3|C:237
        gene-editing|유전자 가위;유전자가위;유전자 편집|gene editing;CRISPR||gene-therapy=0.4|know
        gene-therapy|유전자치료제;유전자 치료;유전자기반 의약|gene therapy;gene-based medicine||gene=0.3,antibody-drug=0.3|P:610
        infection|감염병;신종 감염병;전염병;감염여부;감염 여부;바이러스|infectious disease;infection;virus||\
        sequencer=0.4,diagnosis=0.4,avian-influenza=0.3,pcr=0.4,vaccine=0.4|C:302-304
        mers|중동호흡기증후군|Middle East respiratory syndrome|MERS|infection=0.5,sequencer=0.4|C:304
        covid|코로나19;코로나바이러스|COVID-19;coronavirus||infection=0.5,pcr=0.4|know
        pcr|중합효소 연쇄반응;유전자 증폭|polymerase chain reaction|PCR|diagnosis=0.4,infection=0.4|know
        vaccine|백신|vaccine||infection=0.4|know
        diagnosis|진단;조기진단;조기 진단;체외진단;진단키트;진단시약|diagnosis;diagnostics;in vitro diagnostics|IVD|\
        biomarker=0.4,biosensor=0.4,precision-medicine=0.3|P:631
        biomarker|바이오마커;생체지표;생체정보|biomarker||diagnosis=0.4,omics=0.4,live-cell-imaging=0.3|C:299-302
        biosensor|바이오센서;랩온어칩;미세유체|biosensor;lab on a chip;microfluidics||diagnosis=0.4,sensor=0.4|know
        precision-medicine|정밀의료;맞춤의료;맞춤형 의료;개인 맞춤형|precision medicine;personalised medicine||\
        gene=0.3,biomarker=0.3,big-data=0.3|P:627
        telemedicine|원격의료;원격진료;비대면 진료;원격 진료|telemedicine;remote care||digital-health=0.5,wearable=0.4|C:291
        wearable|웨어러블;착용형|wearable||digital-health=0.4,sensor=0.4|know
        health-monitoring|건강관리;건강 관리;생체신호;만성질환|health monitoring;vital signs;chronic disease||\
        wearable=0.5,digital-health=0.5|know
        prevention|예방의학;질병 예방;질환 진행;질환|preventive medicine;disease progression||\
        biomarker=0.4,live-cell-imaging=0.4,digital-health=0.3|C:302
        organoid|오가노이드;유사장기;장기 모사|organoid;organ on a chip||\
        animal-testing=0.5,drug-screening=0.4,toxicity-screening=0.4|P:622
        animal-testing|동물실험;동물대체;동물 대체;전임상 모델|animal testing;alternatives to animal testing||\
        organoid=0.5,toxicity-screening=0.5|know
        toxicity-screening|독성 스크리닝;독성평가;독성 평가;안전성 평가|toxicity screening;safety assessment||\
        toxin=0.4,drug-screening=0.4|C:313
        preclinical|전임상;비임상|preclinical||clinical-trial=0.4,animal-testing=0.4|P:616
        clinical-trial|임상시험;임상실험;임상허가;임상 실증;임상|clinical trial||preclinical=0.4,hospital=0.3|P:615-626
        hospital|병원|hospital||clinical-trial=0.3|P:616
        drug-target|약물표적;표적 발굴;표적|drug target||drug-discovery=0.4,protein-interaction=0.5|C:258
        protein-interaction|단백질 상호작용;상호작용 검출;단백질-후보물질 상호작용|protein interaction||\
        drug-discovery=0.4,drug-screening=0.4,protein=0.3|C:258
        drug-delivery|약물전달;약물 전달;나노입자 전달체|drug delivery|DDS/약물;drug|nanomedicine=0.5|know
        nanomedicine|나노융합의학;나노의학;나노바이오|nanomedicine||drug-delivery=0.4|P:624
        protein-drug|단백질의약;단백질 의약;바이오의약품;바이오 의약|protein drug;biopharmaceutical||antibody-drug=0.5,bio-process=0.4|P:621
        bio-process|생산공정;배양공정;세포배양;바이오 공정;위탁생산|bioprocess;cell culture;contract manufacturing|CDMO;CMO|\
        scale-up=0.5,antibody-drug=0.4|know
        biofoundry|바이오파운드리;신약개발 파운드리;합성생물학|biofoundry;synthetic biology||drug-discovery=0.4,bio-process=0.3|P:617
        human-material|인체유래물;바이오뱅크;인체유래물은행|human-derived material;biobank||drug-discovery=0.3,clinical-trial=0.3|P:621
        sample-management|시료 관리;생체시료;시료 전처리;전처리|sample management;sample preparation||human-material=0.4|C:312,328
        cancer|항암;종양;암세포;암 진단;암 치료|cancer;tumour;tumor;oncology||biomarker=0.3,antibody-drug=0.3,drug-discovery=0.3|know
        brain|뇌과학;뇌질환;치매;알츠하이머;신경계|brain science;dementia;Alzheimer||mri=0.3,biomarker=0.3|C:284
        stem-cell|줄기세포;재생의료;세포치료제;세포치료|stem cell;regenerative medicine;cell therapy||organoid=0.3,bio-process=0.3|know
        microbiome|마이크로바이옴;장내 미생물|microbiome||microbe=0.5|know
        smart-farm|스마트팜;스마트 농업;정밀농업|smart farm;precision agriculture||sensor=0.4,iot=0.4,crop=0.5|know
        crop|작물;농작물;농업;작황|crop;agriculture;harvest||smart-farm=0.4,satellite-imagery=0.4,drone=0.3|know
        marine-bio|해양생명공학;해양바이오;해양 바이오|marine biotechnology||fishery=0.5,marine=0.4|M:845
        fishery|어업;수산;양식|fishery;aquaculture||marine-bio=0.4,marine=0.4|M:836
        implant|임플란트;인공뼈;생체재료;생체 재료|implant;biomaterial||additive-manufacturing=0.4|know
        rehabilitation|재활;보행 보조;장애인|rehabilitation;assistive device||robot=0.4,wearable=0.4|know
        elderly|고령자;노인;돌봄;고령화|elderly;ageing;care||health-monitoring=0.4,robot=0.3,digital-health=0.3|know
        """
}
